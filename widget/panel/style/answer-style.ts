/** How answers look: comes with what shows them, because only then anybody needs it. */
export const style = `
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
.sources{margin-top:12px}.sources h4{font:500 12px/16px var(--font);color:var(--ink-3);padding-bottom:6px}
.src{display:grid;grid-template-columns:20px minmax(0,1fr);gap:2px 8px;width:100%;padding:7px 0;border-top:1px solid var(--line);border-radius:0;font-size:13px;line-height:18px}
.src:hover b{text-decoration:underline;text-underline-offset:2px}.src b{font-weight:500}.src .n{color:var(--signal-ink);font-weight:600}
.morelink{color:var(--signal-ink);font:500 13px/18px var(--font);padding:7px 0}
.passage{border-inline-start:2px solid var(--signal);padding-block:2px;padding-inline-start:12px;margin:8px 0 10px;font-size:13px;line-height:19px;color:var(--ink-2)}
.passage .head{display:flex;gap:8px;align-items:flex-start;color:var(--ink-3)}.passage .head>span{flex:1}.passage b{font-weight:500;color:var(--ink)}
.passage .text{white-space:pre-wrap;max-height:220px;overflow-y:auto;margin-top:4px}.passage a{display:inline-block;margin-top:6px}
.passage .icon{width:24px;height:24px;margin:-3px 0}
@media (pointer:coarse){.cite{min-width:24px;border:4px solid transparent;border-radius:8px;background-clip:padding-box;margin:-4px 0}
.passage a{padding-block:4px}.passage .icon{width:32px;height:32px;margin:-7px 0}}
@media (forced-colors:active){.cite{border:1px solid ButtonText}}
`;
