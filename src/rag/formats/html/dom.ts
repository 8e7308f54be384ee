/** What parse5's tree says to those who read it. */
import type { DefaultTreeAdapterTypes } from "parse5";

export type Node = DefaultTreeAdapterTypes.ChildNode;
export type Element = DefaultTreeAdapterTypes.Element;
export type Parent = DefaultTreeAdapterTypes.ParentNode;

export function isElement(node: Node): node is Element {
  return "tagName" in node;
}

export function isText(node: Node): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === "#text";
}

export function attribute(element: Element, name: string): string | null {
  return element.attrs.find((each) => each.name === name)?.value ?? null;
}

export function elementsIn(parent: Parent): Element[] {
  return parent.childNodes.filter(isElement);
}

export function childrenNamed(parent: Parent, ...names: string[]): Element[] {
  return elementsIn(parent).filter(({ tagName }) => names.includes(tagName));
}

/** Whether an element below, at any depth, is called so. */
export function holds(parent: Parent, names: ReadonlySet<string>): boolean {
  return elementsNamed(parent, names).length > 0;
}

/** The outermost elements below that are called so. Without recursion: hostile pages nest thousands deep. */
export function elementsNamed(parent: Parent, names: ReadonlySet<string>): Element[] {
  const found: Element[] = [];
  const stack: Element[] = elementsIn(parent).reverse();
  for (let element = stack.pop(); element; element = stack.pop()) {
    if (names.has(element.tagName)) found.push(element);
    else stack.push(...elementsIn(element).reverse());
  }
  return found;
}
