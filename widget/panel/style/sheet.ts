/** The panel's whole sheet. Neutrals are fixed; the signal colours come from the tenant, on `.root`. */
const LIGHT = `--sheet:oklch(.998 .001 85);--sunk:oklch(.962 .005 85);--line:oklch(.912 .006 85);--edge:oklch(.64 .012 85);
--ink:oklch(.245 .012 75);--ink-2:oklch(.435 .014 75);--ink-3:oklch(.53 .014 75);--bad:oklch(.5 .17 27);--warn-soft:oklch(.955 .04 80);--warn:oklch(.45 .1 70);
--float:0 1px 2px oklch(.2 .01 75/.06),0 8px 28px -6px oklch(.2 .01 75/.16)`;
const DARK = `--sheet:oklch(.238 .007 75);--sunk:oklch(.178 .006 75);--line:oklch(.318 .008 75);--edge:oklch(.56 .012 75);
--ink:oklch(.935 .006 85);--ink-2:oklch(.775 .009 85);--ink-3:oklch(.7 .01 85);--bad:oklch(.75 .14 27);--warn-soft:oklch(.31 .04 75);--warn:oklch(.82 .11 78);
--float:0 1px 2px oklch(0 0 0/.4),0 12px 32px -6px oklch(0 0 0/.55)`;

export function panelSheet(side: "left" | "right"): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
.root{${LIGHT}}.root[data-theme=dark]{${DARK}}
.panel,.panel *,.panel ::before{box-sizing:border-box;margin:0}
.panel{pointer-events:auto;position:fixed;${side}:calc(var(--x) + env(safe-area-inset-${side},0px));bottom:calc(var(--y) + 68px);
width:400px;height:min(680px,100dvh - var(--y) - 84px);max-width:calc(100vw - 2*var(--x));display:grid;grid-template:auto minmax(0,1fr) auto/minmax(0,1fr);
overflow:clip;background:var(--sheet);color:var(--ink);border-radius:16px;box-shadow:var(--float),0 0 0 1px var(--line);
font:400 15px/23px var(--font);letter-spacing:-.003em;-webkit-font-smoothing:antialiased;text-align:start;transform-origin:bottom ${side};
animation:grow 160ms ease-out;overflow-wrap:anywhere}
.panel[hidden]{display:none}
@keyframes grow{from{opacity:0;transform:scale(.96) translateY(8px)}}
.root[data-mode=inline] .container,.root[data-mode=inline] .panel{height:100%}
.root[data-mode=inline] .panel{position:relative;inset:auto;width:100%;max-width:none;min-height:420px;animation:none;box-shadow:none;border:1px solid var(--line)}
:where(.panel) :is(button,textarea){font:inherit;letter-spacing:inherit;color:inherit;background:none;border:0;padding:0;border-radius:6px}
:where(.panel) button{cursor:pointer;text-align:inherit}
:where(.panel) svg{width:16px;height:16px;fill:none;stroke:currentColor;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round;flex:none;display:block}
:focus-visible{outline:2px solid var(--signal-ink);outline-offset:2px}
.panel:focus{outline:0}
.hint{color:var(--ink-3);font-size:13px;line-height:18px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header{display:flex;align-items:center;gap:10px;padding:10px 10px 10px 14px;border-bottom:1px solid var(--line);position:relative}
[dir=rtl] header{padding:10px 14px 10px 10px}
header h2{font:600 14px/20px var(--font)}
header .who{min-width:0;flex:1}header .who>*{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.mark{width:26px;height:26px;border-radius:7px;background:var(--signal);color:var(--on-signal);display:grid;place-items:center;flex:none;overflow:hidden}
.mark svg{width:18px;height:18px;fill:currentColor;stroke:none}.mark img{width:100%;height:100%;object-fit:cover}
.mark .l{animation:none}.writing .l{animation:lean-l 500ms ease-out 1}.writing .r{animation:lean-r 500ms ease-out 1}
@keyframes lean-l{40%{transform:translateX(1.200px)}}@keyframes lean-r{40%{transform:translateX(-1.200px)}}
.icon{width:32px;height:32px;display:grid;place-items:center;color:var(--ink-2);border-radius:8px}
.icon:hover,.act:hover{background:color-mix(in oklch,var(--ink) 6%,transparent);color:var(--ink)}
[data-menu] svg{stroke-width:3}
.menu{position:absolute;top:calc(100% - 6px);inset-inline-end:10px;z-index:3;min-width:200px;padding:4px;background:var(--sheet);border-radius:10px;box-shadow:var(--float),0 0 0 1px var(--line)}
.menu button{display:flex;gap:10px;align-items:center;width:100%;padding:7px 10px;font-size:14px;line-height:20px}
.menu button:hover,.menu button:focus-visible{background:color-mix(in oklch,var(--ink) 6%,transparent)}
.menu button:disabled{color:var(--ink-3);cursor:default;background:none}
.middle{position:relative;min-height:0;display:grid;grid-template-columns:minmax(0,1fr)}
.body{overflow-y:auto;overscroll-behavior:contain;padding:8px 16px 16px;scrollbar-width:thin;scrollbar-color:var(--edge) transparent}
.pill{position:absolute;bottom:10px;left:50%;transform:translateX(-50%);display:flex;gap:6px;align-items:center;padding:6px 12px;border-radius:99px;background:var(--signal);
color:var(--on-signal);font:500 13px/18px var(--font);box-shadow:var(--float)}
.empty{display:grid;gap:16px;padding:20px 0 4px}.empty .greet{font:600 20px/28px var(--font);letter-spacing:-.014em;white-space:pre-line}
.empty p{color:var(--ink-2);font-size:14px;line-height:20px}
.asks{display:grid;gap:8px;justify-items:start}
.ask{border:1px solid color-mix(in oklch,var(--signal-ink) 45%,transparent);color:var(--signal-ink);border-radius:16px;padding:5px 12px;font-size:13px;line-height:18px;text-align:start}
.ask:hover{background:var(--signal-soft)}
.notes{display:grid;gap:8px;border-top:1px solid var(--line);padding-top:14px}
.notes div{display:flex;gap:8px;color:var(--ink-3);font-size:13px;line-height:18px}.notes svg{margin-top:1px}
.line{margin:16px 0 0}.visitor{display:grid;justify-items:end}
.visitor .said{background:var(--signal-soft);border-radius:14px 14px 4px 14px;padding:7px 14px;max-width:85%;white-space:pre-wrap;line-height:22px}
[dir=rtl] .visitor .said{border-radius:14px 14px 14px 4px}
.visitor .hint{margin-top:4px;font-size:12px;line-height:16px}
.caret{display:inline-block;flex:none;width:8px;height:16px;background:var(--signal);border-radius:2px;vertical-align:-3px;margin-inline-start:2px}
.thinking{display:flex;gap:8px;align-items:center;color:var(--ink-3);font-size:13px;line-height:18px}
.fold{display:flex;gap:6px;align-items:center;color:var(--ink-3);font-size:13px;line-height:18px;margin-bottom:6px}
.acts{display:flex;gap:2px;margin:6px 0 -8px -6px;min-height:28px;opacity:0;transition:opacity 120ms ease-out}
[dir=rtl] .acts{margin:6px -6px -8px 0}
.line:hover .acts,.line:focus-within .acts,.acts.on{opacity:1}
@media (hover:none){.acts{opacity:1}}
.act{display:flex;gap:6px;align-items:center;padding:6px;color:var(--ink-3);font-size:12px;line-height:16px}
.act[aria-pressed=true]{color:var(--signal-ink)}.act[aria-pressed=true] svg{fill:var(--signal-soft)}

.asks.after{display:flex;flex-wrap:wrap;gap:6px;margin-top:10px}
.note{margin-top:8px;font-size:13px;line-height:18px;color:var(--ink-2)}.bad{position:relative;padding-inline-start:14px}
.bad::before{content:"";position:absolute;inset-inline-start:0;top:6px;width:6px;height:6px;border-radius:9px;background:var(--bad)}
.note>span{margin-inline-end:8px}
.link{color:var(--signal-ink);font-weight:500}.link:hover{text-decoration:underline;text-underline-offset:2px}
.composer{border-top:1px solid var(--line);padding:10px 12px calc(8px + env(safe-area-inset-bottom,0px));display:grid;grid-template-columns:minmax(0,1fr);gap:6px}
.state{background:var(--warn-soft);color:var(--warn);border-radius:8px;padding:6px 10px;font-size:13px;line-height:18px}
.page{display:flex;gap:4px;align-items:center;max-width:100%;width:fit-content;font-size:12px;line-height:16px;color:var(--ink-2);background:var(--sunk);border-radius:99px;padding:2px 4px 2px 10px}
[dir=rtl] .page{padding:2px 10px 2px 4px}
.page span{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.page button{width:20px;height:20px;display:grid;place-items:center;border-radius:99px}.page svg{width:12px;height:12px}
.page button:hover{color:var(--ink);background:color-mix(in oklch,var(--ink) 8%,transparent)}
.box{border:1px solid var(--edge);border-radius:12px;padding:6px 6px 6px 14px;display:flex;gap:8px;align-items:flex-end}
[dir=rtl] .box{padding:6px 14px 6px 6px}
.box:focus-within{outline:2px solid var(--signal-ink);outline-offset:-1px}
textarea{flex:1;min-width:0;resize:none;outline:none!important;max-height:138px;padding:4px 0;line-height:23px;display:block;scrollbar-width:thin}
textarea::placeholder{color:var(--ink-3);opacity:1}
.go{width:32px;height:32px;border-radius:99px;background:var(--signal);color:var(--on-signal);display:grid;place-items:center;flex:none}
.go:disabled{background:var(--sunk);color:var(--ink-3);cursor:default}
[dir=rtl] .flip{transform:scaleX(-1)}
.foot{text-align:center;font-size:12px;line-height:16px;color:var(--ink-3)}
@media (pointer:coarse){.page button{width:24px;height:24px}.link{padding-block:4px}}
@media (max-width:480px),(max-height:520px){
.root[data-mode=bubble] .panel{inset:0;top:var(--vv-top,0px);width:auto;max-width:none;height:var(--vv-height,100dvh);border-radius:0;transform-origin:bottom}
.root[data-mode=bubble][data-open] .launcher{display:none}
.icon{width:40px;height:40px}
textarea{font-size:16px}}
@media (max-height:420px){.foot,.page{display:none}}
@media (prefers-contrast:more){.root{--line:var(--edge);--ink-2:var(--ink);--ink-3:var(--ink)}}
@media (forced-colors:active){.panel{border:1px solid CanvasText}.caret,.bad::before{background:CanvasText}.go{border:1px solid ButtonText}}
@media (prefers-reduced-motion:reduce){.panel,.mark *{animation:none!important}.acts{transition:none}}
`);
  return sheet;
}
