import { html } from "htm/preact";
import { Compass } from "lucide";
import { Button } from "../components/button.ts";
import { Page } from "../components/page.ts";
import { Empty } from "../components/states.ts";
import { href } from "../state/router.ts";

export function NotFoundPage() {
  const home = html`<${Button} kind="primary" href=${href("")}>Go to Home<//>`;
  return html`<${Page} title="Not found">
    <${Empty} icon=${Compass} title="There is no such page" actions=${home}>
      The address may be mistyped, or from a newer version of Parley.
    <//>
  <//>`;
}
