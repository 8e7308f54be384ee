import { html } from "htm/preact";
import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { Icon } from "./icon.ts";

type ButtonProps = {
  kind?: "primary" | "quiet" | "danger" | "danger primary";
  small?: boolean;
  icon?: IconNode;
  busy?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  href?: string;
  newTab?: boolean;
  title?: string;
  onClick?: (event: MouseEvent) => void;
  children?: ComponentChildren;
};

/** A button with a verb on it. `busy` keeps its size and its words, and takes no second click. */
export function Button(props: ButtonProps) {
  const { kind = "", small, icon, busy, disabled, type = "button", href, newTab, title, onClick } = props;
  const className = `btn ${kind} ${small ? "small" : ""} ${busy ? "busy" : ""}`;
  const content = html`${icon && html`<${Icon} of=${icon} />`}<span>${props.children}</span>`;
  if (href !== undefined) {
    const target = newTab ? { target: "_blank", rel: "noopener" } : {};
    return html`<a class=${className} href=${href} title=${title} ...${target}>${content}</a>`;
  }
  return html`<button
    class=${className}
    type=${type}
    title=${title}
    disabled=${disabled}
    aria-disabled=${busy ? "true" : undefined}
    onClick=${busy ? (event: MouseEvent) => event.preventDefault() : onClick}
  >
    ${content}
  </button>`;
}

/** A button that is only an icon: `label` is its name and its tooltip. */
export function IconButton(props: {
  icon: IconNode;
  label: string;
  onClick: () => void;
  expanded?: boolean;
}) {
  return html`<button
    class="icon-btn"
    type="button"
    title=${props.label}
    aria-label=${props.label}
    aria-expanded=${props.expanded}
    onClick=${props.onClick}
  >
    <${Icon} of=${props.icon} />
  </button>`;
}
