/** Values as cells of a table that a spreadsheet opens. */

/** What a spreadsheet would take for a formula; full-width signs too, which some turn into plain ones. */
export const FORMULA = /^[\s']*[=+\-@＝＋－＠\t\r]/;

/** A text in quotation marks, behind an apostrophe when it could be taken for a formula. */
export function textCell(text: string): string {
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
