import { useEffect, useRef, useState } from "preact/hooks";

/** Share of what is still to be shown that one frame shows: late text catches up, steady text flows. */
const SHARE_PER_FRAME = 1 / 10;
const LEAST_PER_FRAME = 2;

/**
 * As much of `text` as should be visible now, so that it arrives by the frame however the network
 * delivers it. Text that was not seen arriving (`live` false) is there at once, and so is all of it for
 * people who asked for less motion and in tabs that draw no frames.
 */
export function useSmoothText(text: string, live: boolean): string {
  const [shown, setShown] = useState(live && wantsMotion() ? 0 : text.length);
  const behind = text.length - shown;
  const frame = useRef(0);
  useEffect(() => {
    if (behind <= 0) return;
    if (!live || !wantsMotion() || document.hidden) return setShown(text.length);
    const step = Math.max(LEAST_PER_FRAME, Math.ceil(behind * SHARE_PER_FRAME));
    frame.current = requestAnimationFrame(() => setShown(wholeCharacters(text, shown + step)));
    const onHidden = () => setShown(text.length);
    document.addEventListener("visibilitychange", onHidden);
    return () => {
      cancelAnimationFrame(frame.current);
      document.removeEventListener("visibilitychange", onHidden);
    };
  }, [text, shown, live, behind]);
  return behind <= 0 ? text : text.slice(0, shown);
}

/** Never the first half of a surrogate pair alone. */
function wholeCharacters(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return Math.min(text.length, code >= 0xd800 && code <= 0xdbff ? end + 1 : end);
}

function wantsMotion(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
