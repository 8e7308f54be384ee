import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

/** A page: title, one sentence that says what it is for, one primary action at the end. */
export function Page(props: {
  title: string;
  about?: ComponentChildren;
  crumbs?: { label: string; href: string };
  actions?: ComponentChildren;
  children?: ComponentChildren;
}) {
  useTitle(props.title);
  return html`<main class="page" id="page" tabindex="-1">
    ${props.crumbs && html`<${Crumbs} ...${props.crumbs} here=${props.title} />`}
    <div class="head">
      <div>
        <h1>${props.title}</h1>
        ${props.about && html`<p>${props.about}</p>`}
      </div>
      ${props.actions && html`<div class="act">${props.actions}</div>`}
    </div>
    ${props.children}
  </main>`;
}

export function Crumbs({ label, href, here }: { label: string; href: string; here: string }) {
  return html`<nav class="crumbs" aria-label="Where you are">
    <a href=${href}>${label}</a><span aria-hidden="true">/</span><span class="clip">${here}</span>
  </nav>`;
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Parley`;
  }, [title]);
}
