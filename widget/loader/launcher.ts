import type { PublicWidgetConfig } from "../../src/protocol/chat-protocol.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Two quotation marks that are also two people facing each other. */
export const MARK = [
  "M4 7.5A3.5 3.5 0 0 1 7.500 4H9a2 2 0 0 1 2 2v3.500C11 13 9.200 15.300 6 16.600l-.9-1.500c1.900-.9 2.900-2 3.100-3.600H6a2 2 0 0 1-2-2z",
  "M20 16.500A3.500 3.500 0 0 1 16.500 20H15a2 2 0 0 1-2-2v-3.500c0-3.500 1.800-5.800 5-7.100l.9 1.500c-1.900.9-2.900 2-3.100 3.600H18a2 2 0 0 1 2 2z",
];

export type Launcher = {
  button: HTMLButtonElement;
  setExpanded: (expanded: boolean) => void;
  setBusy: (busy: boolean) => void;
  setUnread: (count: number) => void;
};

/** The round button. Its name is the assistant's, so that it needs no translation. */
export function createLauncher(config: PublicWidgetConfig, base: string): Launcher {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "launcher";
  button.setAttribute("aria-label", config.displayName);
  button.setAttribute("aria-haspopup", "dialog");
  button.append(
    config.logoUrl ? logo(new URL(config.logoUrl.replace(/^\//, ""), base).href) : icon("m", MARK, 26),
  );
  button.append(icon("x", ["M7 7l10 10M17 7L7 17"], 24));
  const unread = document.createElement("span");
  unread.className = "unread";
  button.append(unread);

  const setUnread = (count: number) => {
    unread.hidden = count === 0;
    unread.textContent = count > 9 ? "9+" : String(count);
    button.setAttribute("aria-label", count ? `${config.displayName} (${count})` : config.displayName);
  };
  setUnread(0);
  return {
    button,
    setExpanded: (expanded) => button.setAttribute("aria-expanded", String(expanded)),
    setBusy: (busy) => button.toggleAttribute("data-busy", busy),
    setUnread,
  };
}

function logo(source: string): HTMLImageElement {
  const image = document.createElement("img");
  image.className = "m";
  image.alt = "";
  image.src = source;
  return image;
}

function icon(name: string, paths: string[], size: number): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const stroked = name === "x";
  svg.setAttribute("class", name);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", String(size));
  svg.setAttribute("height", String(size));
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("fill", stroked ? "none" : "currentColor");
  if (stroked) {
    svg.setAttribute("stroke", "currentColor");
    svg.setAttribute("stroke-width", "1.75");
    svg.setAttribute("stroke-linecap", "round");
  }
  for (const shape of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}
