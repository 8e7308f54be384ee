/** Text on its way to the visitor, piece by piece. */
export type TextFilter = {
  /** What may be shown now. */
  push(text: string): string;
  /** What waited for more and is shown without it. */
  end(): string;
};
