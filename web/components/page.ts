import { signal } from "@preact/signals";
import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { hrefAsLeft } from "../state/router.ts";

/** A page: title, one sentence that says what it is for, one primary action at the end. */
export function Page(props: {
  title: string;
  about?: ComponentChildren;
  crumbs?: { label: string; page: string };
  actions?: ComponentChildren;
  children?: ComponentChildren;
}) {
  useTitle(props.title);
  return html`<div class="page">
    ${props.crumbs && html`<${Crumbs} ...${props.crumbs} here=${props.title} />`}
    <div class="head">
      <div>
        <h1>${props.title}</h1>
        ${props.about && html`<p>${props.about}</p>`}
      </div>
      ${props.actions && html`<div class="act">${props.actions}</div>`}
    </div>
    ${props.children}
  </div>`;
}

/** The list is where one left it: its link keeps the search and the filters. */
export function Crumbs({ label, page, here }: { label: string; page: string; here: string }) {
  return html`<nav class="crumbs" aria-label="Where you are">
    <a href=${hrefAsLeft(page)}>${label}</a><span aria-hidden="true">/</span><span class="clip">${here}</span>
  </nav>`;
}

/** What the window and the page's region are called. */
export const pageTitle = signal("");

export function useTitle(title: string): void {
  useEffect(() => {
    pageTitle.value = title;
    document.title = `${title} · Parley`;
  }, [title]);
}
