import type { PublicWidgetConfig } from "../../src/protocol/chat-protocol.ts";
import type { WidgetSettings } from "../contract.ts";
import { signalDeclarations } from "../palette.ts";

/**
 * The launcher's sheet. Important declarations of a shadow tree win over the page's, so a page that says
 * `div { display: none !important }` does not reach the host element.
 */
export function launcherSheet(
  settings: Pick<WidgetSettings, "color" | "position" | "mode" | "offsetX" | "offsetY" | "zIndex">,
  config: PublicWidgetConfig,
): CSSStyleSheet {
  const colour = settings.color ?? config.primaryColor;
  const side = (settings.position ?? config.position) === "bottom-left" ? "left" : "right";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host{all:initial!important;display:block!important;--x:${settings.offsetX}px;--y:${settings.offsetY}px;--z:${settings.zIndex};
--font:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
${settings.mode === "inline" ? ":host{height:100%!important}" : ""}
:host([hidden]){display:none!important}
.root{${signalDeclarations(colour, "light")};color-scheme:light}
.root[data-theme=dark]{${signalDeclarations(colour, "dark")};color-scheme:dark}
.root[data-mode=bubble]{position:fixed;inset:0;pointer-events:none;z-index:var(--z)}
.root[data-mode=inline]{height:100%}
.launcher{all:unset;box-sizing:border-box;pointer-events:auto;position:fixed;${side}:calc(var(--x) + env(safe-area-inset-${side},0px));
bottom:calc(var(--y) + env(safe-area-inset-bottom,0px));width:56px;height:56px;border-radius:99px;background:var(--signal);color:var(--on-signal);
display:grid;place-items:center;cursor:pointer;box-shadow:0 1px 2px rgb(30 25 20/.1),0 8px 28px -6px rgb(30 25 20/.3);transition:transform 150ms ease-out,opacity 150ms ease-out}
.launcher:hover{transform:scale(1.04)}.launcher:active{transform:scale(.97)}
.launcher:focus-visible{outline:2px solid var(--signal-ink);outline-offset:3px}
.launcher[hidden]{display:none}.launcher svg{grid-area:1/1;transition:opacity 140ms ease-out,transform 140ms ease-out}
.launcher img{grid-area:1/1;width:30px;height:30px;object-fit:contain;border-radius:6px}
.launcher .x{opacity:0;transform:rotate(-45deg)}
.launcher[aria-expanded=true] .x{opacity:1;transform:none}.launcher[aria-expanded=true] .m{opacity:0;transform:scale(.7)}
.launcher[data-busy] .m{opacity:.55}
.unread{position:absolute;top:-2px;right:-2px;min-width:20px;height:20px;box-sizing:border-box;padding:0 5px;border-radius:99px;
background:#b3261e;color:#fff;font:600 12px/20px var(--font);text-align:center}
.unread[hidden]{display:none}
.trouble{all:unset;pointer-events:auto;position:fixed;${side}:calc(var(--x) + 68px);bottom:calc(var(--y) + 8px);max-width:240px;
background:#2b2825;color:#fff;border-radius:10px;padding:10px 12px;font:400 13px/18px var(--font)}
@media (forced-colors:active){.launcher{border:2px solid ButtonText}}
@media (prefers-reduced-motion:reduce){.launcher,.launcher svg{transition:none}}
@media print{:host{display:none!important}}
`);
  return sheet;
}
