// The list of works beside the drawing: sorted, filtered, selected, all of it by keyboard; only rows that are seen exist.

import { counted, el, tell } from "./dom";
import { sorted, type Network } from "./network";
import { unnamed, type Shown } from "./view";

const ROW = 46;
const COLUMNS = [
  ["key", "Key"],
  ["title", "Title"],
  ["year", "Year"],
  ["venue", "Venue"],
  ["cited", "Cited"],
] as const;

/** A grid of works in an element. */
export class List {
  private places: number[] = [];
  private selected: Set<string>;
  private active = 0;
  private readonly grid;
  private readonly body;
  private readonly heads: HTMLElement[] = [];

  constructor(
    private readonly network: Network,
    private readonly shown: Shown,
    host: HTMLElement,
    toolbar: HTMLElement,
  ) {
    this.selected = new Set(shown.view.selected);
    const head = el("div", { role: "row", class: "row head", "aria-rowindex": 1 }, el("span", { role: "columnheader", class: "check" }, el("span", { class: "unseen" }, "Selected")));
    for (const [name, text] of COLUMNS) {
      const title = name === "cited" ? "Citations by listed works" : `Sort by ${text.toLowerCase()}`;
      const cell = el("span", { role: "columnheader", class: name }, el("button", { title, onclick: () => this.sort(name) }, text));
      this.heads.push(cell);
      head.append(cell);
    }
    this.body = el("div", { class: "rows", role: "presentation" });
    this.grid = el(
      "div",
      {
        id: "grid",
        role: "grid",
        tabindex: 0,
        "aria-label": "Works: arrows move, Enter shows, Space selects, Control A selects all",
        "aria-multiselectable": "true",
        onkeydown: (event) => this.pressed(event as KeyboardEvent),
        onscroll: () => this.draw(),
      },
      head,
      this.body,
    );
    host.replaceChildren(toolbar, this.grid);
    new ResizeObserver(() => this.draw()).observe(this.grid);
  }

  /** Show these works in the view's order. */
  show(places: number[]): void {
    const view = this.shown.view;
    const before = this.places[this.active];
    this.places = sorted(this.network, places, view.sort);
    this.selected = new Set(view.selected);
    const chosen = this.network.place.get(view.work) ?? before;
    this.active = Math.max(0, chosen === undefined ? 0 : this.places.indexOf(chosen));
    COLUMNS.forEach(([name], n) => {
      const order = view.sort === name ? "ascending" : view.sort === `-${name}` ? "descending" : "none";
      this.heads[n]!.setAttribute("aria-sort", order);
    });
    this.grid.setAttribute("aria-rowcount", String(this.places.length + 1));
    this.body.style.height = `${this.places.length * ROW}px`;
    this.draw();
  }

  /** The keys of the works that are listed. */
  get keys(): string[] {
    return this.places.map((n) => this.network.drawn.nodes.key[n]!);
  }

  /** Bring the chosen work into sight. */
  reveal(): void {
    const top = this.active * ROW;
    const room = this.grid.clientHeight - ROW;
    if (top < this.grid.scrollTop) this.grid.scrollTop = top;
    else if (top + ROW > this.grid.scrollTop + room) this.grid.scrollTop = top + ROW - room;
    this.draw();
  }

  private sort(name: string): void {
    const now = this.shown.view.sort;
    const numbers = name === "year" || name === "cited";
    const first = numbers ? `-${name}` : name;
    this.shown.change({ sort: now === first ? (numbers ? name : `-${name}`) : first });
  }

  private toggle(n: number): void {
    const key = this.network.drawn.nodes.key[n]!;
    const next = new Set(this.selected);
    if (!next.delete(key)) next.add(key);
    this.shown.change({ selected: [...next] });
    tell(`${key} ${next.has(key) ? "selected" : "not selected"}, ${counted(next.size, "work")} in all`);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.target !== this.grid) return;
    const page = Math.max(1, Math.floor(this.grid.clientHeight / ROW) - 2);
    const last = this.places.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    const here = this.places[this.active];
    if (to !== undefined) {
      this.active = Math.min(Math.max(0, to), Math.max(0, last));
      this.reveal();
    } else if (event.key === "Enter" && here !== undefined) {
      this.shown.change({ work: this.network.drawn.nodes.path[here]!, target: "" }, true);
    } else if (event.key === " " && here !== undefined) {
      this.toggle(here);
    } else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      const selected = [...new Set([...this.selected, ...this.keys])];
      this.shown.change({ selected });
      tell(`${counted(selected.length, "work")} selected${unnamed(selected)}`);
    } else if (event.key === "Escape" && this.shown.view.work) {
      this.shown.change({ work: "", target: "" }, true);
    } else return;
    event.preventDefault();
  }

  private draw(): void {
    const nodes = this.network.drawn.nodes;
    const first = Math.max(0, Math.floor(this.grid.scrollTop / ROW) - 4);
    const end = Math.min(this.places.length, Math.ceil((this.grid.scrollTop + this.grid.clientHeight) / ROW) + 4);
    const rows: HTMLElement[] = [];
    const drawn = [...Array(Math.max(0, end - first)).keys()].map((n) => n + first);
    if (this.active < this.places.length && !drawn.includes(this.active)) drawn.push(this.active);
    for (const at of drawn) {
      const n = this.places[at]!;
      const key = nodes.key[n]!;
      const on = this.selected.has(key);
      const chosen = nodes.path[n] === this.shown.view.work;
      const check = el("input", { type: "checkbox", tabindex: -1, "aria-label": `Select ${key}`, onchange: () => this.toggle(n) });
      check.checked = on;
      const row = el(
        "div",
        {
          role: "row",
          id: `row-${at}`,
          class: `row${chosen ? " chosen" : ""}${at === this.active ? " active" : ""}`,
          "aria-rowindex": at + 2,
          "aria-selected": String(on),
          onclick: (event) => {
            if ((event.target as HTMLElement).closest("input, .check")) return;
            this.active = at;
            this.shown.change({ work: nodes.path[n]!, target: "" }, true);
          },
        },
        el("span", { role: "gridcell", class: "check" }, check),
        el("span", { role: "gridcell", class: "key", title: key }, key),
        el(
          "span",
          { role: "gridcell", class: "title", title: nodes.title[n]! },
          el("b", {}, nodes.title[n]!),
          el("small", {}, el("code", { class: "also" }, `${key} `), nodes.authors[n] || (nodes.listed[n] ? "authors unknown" : "cited, not listed")),
        ),
        el("span", { role: "gridcell", class: "year" }, String(nodes.year[n] ?? "")),
        el("span", { role: "gridcell", class: "venue", title: nodes.venue[n]! }, nodes.venue[n]!),
        el("span", { role: "gridcell", class: "cited" }, String(nodes.listed_citations[n] || "")),
      );
      row.style.transform = `translateY(${at * ROW}px)`;
      rows.push(row);
    }
    const inside = this.body.contains(document.activeElement);
    this.body.replaceChildren(...rows, ...(this.places.length ? [] : [el("p", { class: "none" }, "No work meets these conditions.")]));
    if (inside) this.grid.focus({ preventScroll: true });
    if (this.places.length) this.grid.setAttribute("aria-activedescendant", `row-${this.active}`);
    else this.grid.removeAttribute("aria-activedescendant");
  }
}
