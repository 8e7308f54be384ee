/** What a model reads of a passage: where it stands says much of what it is about. */
export function embeddedText(title: string, headingPath: readonly string[], content: string): string {
  return `${[title, ...headingPath].join(" › ")}\n${content}`;
}
