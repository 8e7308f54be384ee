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
.answer{max-width:65ch}
.answer :is(p,ul,ol,h3,pre,blockquote,.wide,.passage)+:is(p,ul,ol,h3,pre,blockquote,.wide,.passage,hr){margin-top:10px}
.answer h3{font:600 15px/22px var(--font);margin-top:16px}.answer h3:first-child{margin-top:0}
.answer ul,.answer ol{padding-inline-start:22px}.answer li+li{margin-top:4px}.answer li p+p{margin-top:6px}.answer li::marker{color:var(--ink-3)}
.answer .task{position:relative}.answer ul>.task{list-style:none}.answer ol>.task{padding-inline-start:22px}.answer ol>.task>.tick{inset-inline-start:1px}
.tick{position:absolute;inset-inline-start:-21px;top:5px;width:14px;height:14px;border:1px solid var(--edge);border-radius:4px}
.tick.done{background:var(--signal);border-color:var(--signal)}
.tick.done::after{content:"";position:absolute;inset:1px 4px 3px;border:solid var(--on-signal);border-width:0 1.5px 1.5px 0;transform:rotate(45deg)}
.answer b,.answer strong{font-weight:600}
.answer code{font:12.500px/18px ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,monospace;background:var(--sunk);border-radius:4px;padding:1px 4px;box-decoration-break:clone;-webkit-box-decoration-break:clone}
.answer pre{background:var(--sunk);border-radius:8px;padding:10px 12px;overflow-x:auto;direction:ltr;text-align:left}.answer pre code{padding:0;background:none;white-space:pre}
.answer blockquote{border-inline-start:2px solid var(--line);padding-inline-start:12px;color:var(--ink-2)}
.answer hr{border:0;border-top:1px solid var(--line);margin:14px 0}
.answer a,.passage a{color:var(--signal-ink);text-decoration:underline;text-underline-offset:2px;text-decoration-thickness:1px}
.answer .gone{color:var(--ink-3)}
.wide{overflow-x:auto;margin-inline:-4px}table{border-collapse:collapse;font-size:13px;line-height:18px;overflow-wrap:normal}
th{font-weight:500;color:var(--ink-3);text-align:start}th,td{padding:6px 10px 6px 4px;border-bottom:1px solid var(--line);vertical-align:top;min-width:56px}.r{text-align:end}
.hug{white-space:nowrap}
.cite{font:500 11px/16px var(--font);background-color:var(--signal-soft);color:var(--signal-ink);border-radius:4px;padding:0 4px;min-width:16px;margin:0 1px;vertical-align:3px;position:relative;text-align:center}
.cite::before{content:"";position:absolute;inset:-6px -4px}
.cite:hover,.cite[aria-expanded=true]{background-color:var(--signal);color:var(--on-signal)}
.fold{display:flex;gap:6px;align-items:center;color:var(--ink-3);font-size:13px;line-height:18px;margin-bottom:6px}
.sources{margin-top:12px}.sources h4{font:500 12px/16px var(--font);color:var(--ink-3);padding-bottom:6px}
.src{display:grid;grid-template-columns:20px minmax(0,1fr);gap:2px 8px;width:100%;padding:7px 0;border-top:1px solid var(--line);border-radius:0;font-size:13px;line-height:18px}
.src:hover b{text-decoration:underline;text-underline-offset:2px}.src b{font-weight:500}.src .n{color:var(--signal-ink);font-weight:600}
.morelink{color:var(--signal-ink);font:500 13px/18px var(--font);padding:7px 0}
.passage{border-inline-start:2px solid var(--signal);padding-block:2px;padding-inline-start:12px;margin:8px 0 10px;font-size:13px;line-height:19px;color:var(--ink-2)}
.passage .head{display:flex;gap:8px;align-items:flex-start;color:var(--ink-3)}.passage .head>span{flex:1}.passage b{font-weight:500;color:var(--ink)}
.passage .text{white-space:pre-wrap;max-height:220px;overflow-y:auto;margin-top:4px}.passage a{display:inline-block;margin-top:6px}
.passage .icon{width:24px;height:24px;margin:-3px 0}
.acts{display:flex;gap:2px;margin:6px 0 -8px -6px;min-height:28px;opacity:0;transition:opacity 120ms ease-out}
[dir=rtl] .acts{margin:6px -6px -8px 0}
.line:hover .acts,.line:focus-within .acts,.acts.on{opacity:1}
@media (hover:none){.acts{opacity:1}}
.act{display:flex;gap:6px;align-items:center;padding:6px;color:var(--ink-3);font-size:12px;line-height:16px}
.act[aria-pressed=true]{color:var(--signal-ink)}.act[aria-pressed=true] svg{fill:var(--signal-soft)}

.form{display:grid;gap:10px;margin-top:10px;padding:12px;border:1px solid var(--line);border-radius:12px;justify-items:start}
.form label{display:grid;gap:4px;width:100%;font-size:13px;line-height:18px;color:var(--ink-2)}
.form :is(input,select){font:inherit;font-size:15px;color:var(--ink);background:var(--sheet);border:1px solid var(--edge);border-radius:8px;padding:6px 10px;width:100%;min-height:36px}
.form input:user-invalid{border-color:var(--bad)}
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
@media (pointer:coarse){.cite{min-width:24px;border:4px solid transparent;border-radius:8px;background-clip:padding-box;margin:-4px 0}
.page button{width:24px;height:24px}.link,.passage a{padding-block:4px}.passage .icon{width:32px;height:32px;margin:-7px 0}}
@media (max-width:480px),(max-height:520px){
.root[data-mode=bubble] .panel{inset:0;top:var(--vv-top,0px);width:auto;max-width:none;height:var(--vv-height,100dvh);border-radius:0;transform-origin:bottom}
.root[data-mode=bubble][data-open] .launcher{display:none}
.icon{width:40px;height:40px}
textarea{font-size:16px}}
@media (max-height:420px){.foot,.page{display:none}}
@media (prefers-contrast:more){.root{--line:var(--edge);--ink-2:var(--ink);--ink-3:var(--ink)}}
@media (forced-colors:active){.panel{border:1px solid CanvasText}.caret,.bad::before{background:CanvasText}.go,.cite{border:1px solid ButtonText}}
@media (prefers-reduced-motion:reduce){.panel,.mark *{animation:none!important}.acts{transition:none}}
`);
  return sheet;
}
