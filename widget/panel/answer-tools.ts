import { type Cell, createCell } from "./cell.ts";

export type Tools = typeof import("./answer/tools.ts");
export type Cards = typeof import("./cards/cards.ts");

/** Null until it is there; for that moment an answer is plain text, and a card is not shown. */
type Later<Module> = { value: Cell<Module | null>; load: () => void };

export type AnswerTools = {
  /** What only answers need, a third of the panel's weight. */
  tools: Cell<Tools | null>;
  load: () => void;
  /** What only look-ups need. */
  cards: Cell<Cards | null>;
  loadCards: () => void;
};

function addTo(sheet: CSSStyleSheet, style: string): void {
  const own = new CSSStyleSheet();
  own.replaceSync(style);
  for (const { cssText } of own.cssRules) sheet.insertRule(cssText, sheet.cssRules.length);
}

/** Loaded with the first that needs them; their style goes into `sheet`. A failure is tried again with the next. */
export function createAnswerTools(sheet: CSSStyleSheet): AnswerTools {
  const later = <Module extends { style: string }>(load: () => Promise<Module>): Later<Module> => {
    const value = createCell<Module | null>(null);
    let loading = false;
    return {
      value,
      load: () => {
        if (loading) return;
        loading = true;
        load().then(
          (loaded) => {
            addTo(sheet, loaded.style);
            value.value = loaded;
          },
          () => {
            loading = false;
          },
        );
      },
    };
  };
  const tools = later(() => import("./answer/tools.ts"));
  const cards = later(() => import("./cards/cards.ts"));
  return { tools: tools.value, load: tools.load, cards: cards.value, loadCards: cards.load };
}
