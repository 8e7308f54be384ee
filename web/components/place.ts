type Place = { title?: string; headingPath?: string[] | undefined; page?: number | null | undefined };

/** Where a passage stands: "Hotels › Limits · p. 6", without the title that documents often begin with. */
export function place({ title, headingPath = [], page }: Place): string {
  const headings = headingPath.filter((heading) => heading !== title);
  return [headings.join(" › "), page ? `p. ${page}` : ""].filter(Boolean).join(" · ");
}
