import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { useView } from "./view.ts";

/** Whoever has waited this long wants to know that nothing is lost and what it is that takes so long. */
const SLOW_AFTER_MS = 8_000;

/** Stands where the answer will be, until there is a word of it. */
export function Thinking() {
  const { texts } = useView();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return html`<div class="line thinking" data-status="streaming" role="status"><span class="caret" />${isSlow ? texts.slow : texts.thinking}</div>`;
}
