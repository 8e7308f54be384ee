/** Running heads and feet: what stands at the same place at the edge of most pages, but for their numbers. */

/** A line of a page as far as it matters here; `y` from the top, `height` of the page. */
type Edge = { text: string; y: number };
type Page = { lines: readonly Edge[]; height: number };

/** Of the page's height, at its top and at its foot. */
const EDGE_SHARE = 0.14;
/** Lines from the edge inwards that may be running ones. */
const DEEPEST = 4;
/** Points by which they may move. */
const TOLERANCE = 5;
const LEAST_PAGES = 3;
/** Of the pages; left and right ones often have heads of their own. */
const MOST_PAGES_SHARE = 0.45;
const PAGE_NUMBER =
  /^[\p{P}\p{S}\s]*(?:\p{L}+\.?\s+)?\d{1,5}(?:\s*(?:\/|\p{L}+)\s*\d{1,5})?[\p{P}\p{S}\s]*$/u;

/** For each page, which of its lines are running ones, by index. */
export function runningLines(pages: readonly Page[]): Set<number>[] {
  const candidates = pages.map(edgeLines);
  const byKey = new Map<string, { page: number; line: number; edge: Edge }[]>();
  for (const [page, lines] of candidates.entries()) {
    for (const line of lines) {
      const edge = pages[page]?.lines[line];
      if (!edge) continue;
      const key = keyOf(edge.text);
      byKey.set(key, [...(byKey.get(key) ?? []), { page, line, edge }]);
    }
  }
  const running = pages.map(() => new Set<number>());
  for (const found of byKey.values()) {
    for (const same of atSameHeight(found)) {
      const enough = Math.max(LEAST_PAGES, pages.length * MOST_PAGES_SHARE);
      if (new Set(same.map(({ page }) => page)).size < enough || !isCounted(same)) continue;
      for (const { page, line } of same) running[page]?.add(line);
    }
  }
  // What is all of a page is no edge of it.
  for (const [page, lines] of running.entries()) {
    const others = (pages[page]?.lines ?? []).filter((_, index) => !lines.has(index));
    if (others.length === 0) lines.clear();
  }
  return running;
}

/** Whether it says nothing but which page this is. */
export function isPageNumber(text: string): boolean {
  return PAGE_NUMBER.test(text);
}

function edgeLines({ lines, height }: Page): number[] {
  const order = lines
    .map((_, index) => index)
    .sort((left, right) => (lines[left]?.y ?? 0) - (lines[right]?.y ?? 0));
  const isAtTop = (index: number): boolean => (lines[index]?.y ?? 0) < height * EDGE_SHARE;
  const isAtFoot = (index: number): boolean => (lines[index]?.y ?? 0) > height * (1 - EDGE_SHARE);
  return [...order.slice(0, DEEPEST).filter(isAtTop), ...order.slice(-DEEPEST).filter(isAtFoot)];
}

function keyOf(text: string): string {
  return text
    .replace(/\d+/g, "#")
    .replace(/\b[ivxlc]+\b/gi, "#")
    .trim();
}

function atSameHeight<T extends { edge: Edge }>(found: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const each of found) {
    const group = groups.find(([first]) => first && Math.abs(first.edge.y - each.edge.y) < TOLERANCE);
    if (group) group.push(each);
    else groups.push([each]);
  }
  return groups;
}

/** Its numbers stay the same or grow with the pages: a row of a table or a form's value does neither. */
function isCounted(same: readonly { page: number; edge: Edge }[]): boolean {
  const numbers = same.map(({ edge }) => (edge.text.match(/\d+/g) ?? []).map(Number));
  const count = numbers[0]?.length ?? 0;
  for (let place = 0; place < count; place++) {
    const steps = same.slice(1).map(({ page }, index) => {
      const pages = page - (same[index]?.page ?? 0);
      const step = (numbers[index + 1]?.[place] ?? 0) - (numbers[index]?.[place] ?? 0);
      return step === 0 ? "same" : step === pages || step * 2 === pages || step === 1 ? "counted" : "other";
    });
    const others = steps.filter((step) => step === "other").length;
    if (others > steps.length * 0.15) return false;
  }
  return true;
}
