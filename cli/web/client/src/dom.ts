// Elements. Text becomes text and never markup: a title is data, whatever stands in it.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/** Make an element: attributes by name, listeners as `onclick`; children are elements or text. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.filter((child): child is Node | string => child instanceof Node || typeof child === "string"));
  return made;
}

/** Return the element of the page with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}

/** Return the path of an address of ours, each part encoded: ids hold slashes and signs. */
export function href(path: string): string {
  return "/" + path.split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":");
}

/** Return "1 work", "2 works". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Tell what happened, for eyes and for screen readers. */
export function tell(text: string): void {
  byId("status").textContent = text;
}

/** Let the user keep `data` as a file. */
export function download(data: Blob, name: string): void {
  const address = URL.createObjectURL(data);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
