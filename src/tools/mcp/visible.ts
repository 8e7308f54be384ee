/** Signs of control, direction and formatting, and those that stand for nothing: nobody who reads a text sees them. */
const UNSEEN = /[^\P{C}\n\t]/gu;

/** Text of a server as a person reads it, so that a model reads nothing else. */
export function visible(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(UNSEEN, "");
}

export function hasUnseen(text: string): boolean {
  return visible(text) !== text.replace(/\r\n?/g, "\n");
}

/** @param most characters, of which the last is … where something is left out */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
