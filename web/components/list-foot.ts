import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "./button.ts";

/** Asks for the next page when the end of the list comes into view; the button is for those who tab. */
export function ListFoot({
  hasMore,
  loading,
  more,
}: {
  hasMore: boolean;
  loading: boolean;
  more: () => void;
}) {
  const foot = useRef<HTMLDivElement>(null);
  const ask = useRef(more);
  ask.current = more;
  useEffect(() => {
    if (!hasMore || !foot.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && ask.current(), {
      rootMargin: "400px",
    });
    observer.observe(foot.current);
    return () => observer.disconnect();
  }, [hasMore, loading]);
  if (!hasMore) return null;
  return html`<div class="more" ref=${foot}>
    <${Button} onClick=${more} busy=${loading}>${loading ? "Loading more" : "Show more"}<//>
  </div>`;
}
