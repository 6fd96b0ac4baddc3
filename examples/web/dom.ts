// elements of the page by id, and new ones in a line

/** The element of that id. */
export function byId<T extends Element = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element ${id}`);
  return element as unknown as T;
}

/** A new element with its properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Replaces what is in an element. One by one: the arguments of a call must fit on the stack, and there can be many thousands. */
export function refill(element: Element, children: Iterable<Node>): void {
  const fragment = new DocumentFragment();
  for (const child of children) fragment.append(child);
  element.replaceChildren(fragment);
}

/** A new element of a drawing. */
export function makeSvg(tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** Shows a message, which a screen reader reads out. */
export function say(status: HTMLElement, text: string, wrong = false): void {
  status.textContent = text;
  status.classList.toggle('error', wrong);
}

/** The message of an error. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** 0.123 → `12 %`. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
