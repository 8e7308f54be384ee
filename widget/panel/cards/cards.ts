/** The chunk that is loaded with the first look-up: rows, forms and what is to be confirmed. */
export { confirmCard } from "./confirm-card.ts";
export { lookupForm } from "./lookup-form.ts";
export { rowsTable } from "./rows.ts";

export const style = `
.form,.card{display:grid;gap:10px;margin-top:10px;padding:12px;border:1px solid var(--line);border-radius:12px;justify-items:start}
.form label{display:grid;gap:4px;width:100%;font-size:13px;line-height:18px;color:var(--ink-2)}
.form :is(input,select){font:inherit;font-size:15px;color:var(--ink);background:var(--sheet);border:1px solid var(--edge);border-radius:8px;padding:6px 10px;width:100%;min-height:36px}
.form .ask,.card .yes{background:var(--signal);color:var(--on-signal);border-color:transparent;font-weight:500}
.form input:user-invalid{border-color:var(--bad)}
.card b{font-weight:600}.card dl{display:grid;gap:6px;width:100%;font-size:14px;line-height:20px}.card dt{color:var(--ink-3);font-size:13px;line-height:18px}
.card dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}.card .row{display:flex;flex-wrap:wrap;gap:8px}.card .ask{min-height:32px}
.card p:empty{display:none}.whole{white-space:nowrap}
@media (forced-colors:active){.card .ask{border:1px solid ButtonText}}
`;
