import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Nearer to the end than this counts as reading the end. */
const NEAR_PX = 48;

export type FollowEnd = {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** There is something new below what the reader looks at. */
  hasNew: boolean;
  toEnd: () => void;
};

/** Keeps a growing list at its end while the reader is there, and leaves them alone while they are not. */
export function useFollowEnd(): FollowEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [hasNew, setHasNew] = useState(false);

  const toEnd = () => {
    following.current = true;
    setHasNew(false);
    const { current } = scroller;
    if (current) current.scrollTop = current.scrollHeight;
  };
  useEffect(() => {
    const { current: list } = scroller;
    const { current: inside } = content;
    if (!list || !inside) return;
    let height = inside.offsetHeight;
    let top = list.scrollTop;
    const onScroll = () => {
      const isNear = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
      // Text that arrived just now also puts distance between reader and end; only moving up is leaving.
      if (isNear) following.current = true;
      else if (list.scrollTop < top) following.current = false;
      top = list.scrollTop;
      if (isNear) setHasNew(false);
    };
    const observer = new ResizeObserver(() => {
      const grew = inside.offsetHeight > height;
      height = inside.offsetHeight;
      if (following.current) list.scrollTop = list.scrollHeight;
      else if (grew && inside.querySelector('[data-status="streaming"]')) setHasNew(true);
    });
    observer.observe(inside);
    observer.observe(list);
    list.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      list.removeEventListener("scroll", onScroll);
    };
  }, []);
  return { scroller, content, hasNew, toEnd };
}
