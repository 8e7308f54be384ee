import { useEffect, useState } from "preact/hooks";

/** Below this the rail gives way to a bar of tabs; web/design/shell.css has the same width. */
export const PHONE = "(max-width: 760px)";

/** Below this nothing fits beside a transcript; web/design/chat.css has the same width. */
export const NO_ROOM_BESIDE = "(max-width: 1100px)";

/** Whether the media query holds now, and from now on. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = () => setMatches(list.matches);
    follow();
    list.addEventListener("change", follow);
    return () => list.removeEventListener("change", follow);
  }, [query]);
  return matches;
}
