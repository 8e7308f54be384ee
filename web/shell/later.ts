import { html } from "htm/preact";
import { RotateCw } from "lucide";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../components/button.ts";
import { Note } from "../components/note.ts";
import { Page } from "../components/page.ts";
import { BoneText } from "../components/states.ts";
import { useSlow } from "../state/resource.ts";

type PageComponent = ComponentType<{ id: string }>;
type State = PageComponent | "loading" | "failed";

/** A page that the browser fetches when it is first opened, so that the first load is that of the pages most people see. */
export function later(load: () => Promise<PageComponent>): PageComponent {
  // Once it is there, it is shown without a moment in between.
  let fetched: PageComponent | null = null;
  return function LaterPage(props) {
    const [state, setState] = useState<{ page: State }>({ page: fetched ?? "loading" });
    useEffect(() => {
      if (fetched) return;
      load().then(
        (page) => {
          fetched = page;
          setState({ page });
        },
        () => setState({ page: "failed" }),
      );
    }, []);
    const { page } = state;
    const slow = useSlow(page === "loading");
    if (page === "failed") return html`<${NotFetched} />`;
    if (page === "loading") return slow ? html`<div class="page"><${BoneText} lines=${8} /></div>` : null;
    return html`<${page} ...${props} />`;
  };
}

/** An upgrade takes away the parts that a page from before it would fetch. */
function NotFetched() {
  return html`<${Page} title="This page did not come">
    <${Note} tone="warn">
      <p>Parley cannot be reached, or it was upgraded since this browser opened it. Load the backoffice again; what is not saved is lost.</p>
      <div class="row"><${Button} small icon=${RotateCw} onClick=${() => location.reload()}>Load it again<//></div>
    <//>
  <//>`;
}
