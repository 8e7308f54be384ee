/** Rules for answers, their passages and what can be done with them. */
export function answerSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
.answer{max-width:65ch}
.answer :is(p,ul,ol,h3,pre,blockquote,.wide,.passage)+:is(p,ul,ol,h3,pre,blockquote,.wide,.passage,hr){margin-top:10px}
.answer h3{font:600 15px/22px var(--font);margin-top:16px}.answer h3:first-child{margin-top:0}
.answer ul,.answer ol{padding-inline-start:22px}.answer li+li{margin-top:4px}.answer li p+p{margin-top:6px}.answer li::marker{color:var(--ink-3)}
.answer b,.answer strong{font-weight:600}
.answer code{font:12.500px/18px ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,monospace;background:var(--sunk);border-radius:4px;padding:1px 4px}
.answer pre{background:var(--sunk);border-radius:8px;padding:10px 12px;overflow-x:auto;direction:ltr;text-align:left}.answer pre code{padding:0;background:none;white-space:pre}
.answer blockquote{border-inline-start:2px solid var(--line);padding-inline-start:12px;color:var(--ink-2)}
.answer hr{border:0;border-top:1px solid var(--line);margin:14px 0}
.answer a,.passage a{color:var(--signal-ink);text-decoration:underline;text-underline-offset:2px;text-decoration-thickness:1px}
.answer .gone{color:var(--ink-3)}
.wide{overflow-x:auto;margin-inline:-4px}table{border-collapse:collapse;font-size:13px;line-height:18px;overflow-wrap:normal}
th{font-weight:500;color:var(--ink-3);text-align:start}th,td{padding:6px 10px 6px 4px;border-bottom:1px solid var(--line);vertical-align:top;min-width:56px}
.cite{font:500 11px/16px var(--font);background:var(--signal-soft);color:var(--signal-ink);border-radius:4px;padding:0 4px;min-width:16px;margin:0 1px;vertical-align:3px;position:relative;text-align:center}
.cite::before{content:"";position:absolute;inset:-6px -4px}
.cite:hover,.cite[aria-expanded=true]{background:var(--signal);color:var(--on-signal)}
.fold{display:flex;gap:6px;align-items:center;color:var(--ink-3);font-size:13px;line-height:18px;margin-bottom:6px}
.sources{margin-top:12px}.sources h4{font:500 12px/16px var(--font);color:var(--ink-3);padding-bottom:6px}
.src{display:grid;grid-template-columns:20px minmax(0,1fr);gap:2px 8px;width:100%;padding:7px 0;border-top:1px solid var(--line);border-radius:0;font-size:13px;line-height:18px}
.src:hover b{text-decoration:underline;text-underline-offset:2px}.src b{font-weight:500}.src .n{color:var(--signal-ink);font-weight:600}
.morelink{color:var(--signal-ink);font:500 13px/18px var(--font);padding:7px 0}
.passage{border-inline-start:2px solid var(--signal);padding:2px 0 2px 12px;margin:8px 0 10px;font-size:13px;line-height:19px;color:var(--ink-2)}
[dir=rtl] .passage{padding:2px 12px 2px 0}
.passage .head{display:flex;gap:8px;align-items:flex-start;color:var(--ink-3)}.passage .head>span{flex:1}.passage b{font-weight:500;color:var(--ink)}
.passage .text{white-space:pre-wrap;max-height:220px;overflow-y:auto;margin-top:4px}.passage a{display:inline-block;margin-top:6px}
.passage .icon{width:24px;height:24px;margin:-3px 0}
.acts{display:flex;gap:2px;margin:6px 0 0 -6px;min-height:28px;opacity:0;transition:opacity 120ms ease-out}
[dir=rtl] .acts{margin:6px -6px 0 0}
.line:hover .acts,.line:focus-within .acts,.acts.on{opacity:1}
@media (hover:none){.acts{opacity:1}}
.act{display:flex;gap:6px;align-items:center;padding:6px;color:var(--ink-3);font-size:12px;line-height:16px}
.act[aria-pressed=true]{color:var(--signal-ink)}.act[aria-pressed=true] svg{fill:var(--signal-soft)}
`);
  return sheet;
}
