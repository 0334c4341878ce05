// What is shown, all of it in the address, so that a view can be shared and the browser's way back leads back.

export type Colour = "category" | "community" | "year";
export type Place = "force" | "years";

export interface View {
  tab: "graph" | "query";
  category: string[];
  venue: string;
  from: number | null;
  to: number | null;
  text: string;
  colour: Colour;
  layout: Place;
  /** The path of the chosen work, and of the one to which a path is shown. */
  work: string;
  target: string;
  selected: string[];
  sort: string;
  /** Works outside the lists that so many listed ones cite. */
  cited: number | null;
  around: string;
  depth: number;
  query: string;
  as: "table" | "graph";
}

/** So many selected works are written into the address; of more it would grow too long to be sent. */
export const MOST_SELECTED = 1000;

/** Return what to tell of a selection that the address does not name. */
export function unnamed(selected: string[]): string {
  return selected.length > MOST_SELECTED ? `; the address names ${MOST_SELECTED.toLocaleString("en")} at most, so it does not share these` : "";
}

const NOTHING: View = {
  tab: "graph",
  category: [],
  venue: "",
  from: null,
  to: null,
  text: "",
  colour: "category",
  layout: "force",
  work: "",
  target: "",
  selected: [],
  sort: "-cited",
  cited: null,
  around: "",
  depth: 1,
  query: "",
  as: "table",
};

/** Return the view that an address names; what it does not understand it passes over. */
export function read(search: string): View {
  const asked = new URLSearchParams(search);
  const one = (name: string): string => asked.get(name) ?? "";
  const number = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);
  const among = <T extends string>(text: string, ...known: T[]): T => known.find((k) => k === text) ?? (known[0] as T);
  const years = one("year").split("..");
  const only = years.length === 1;
  return {
    tab: among(one("tab"), "graph", "query"),
    category: asked.getAll("category"),
    venue: one("venue"),
    from: number(years[0] ?? ""),
    to: number((only ? years[0] : years[1]) ?? ""),
    text: one("text"),
    colour: among(one("colour"), "category", "community", "year"),
    layout: among(one("layout"), "force", "years"),
    work: one("work"),
    target: one("target"),
    selected: one("selected").split(" ").filter(Boolean),
    sort: one("sort") || NOTHING.sort,
    cited: number(one("cited")) || null,
    around: one("around"),
    depth: Math.max(1, number(one("depth")) ?? 1),
    query: one("query"),
    as: among(one("as"), "table", "graph"),
  };
}

/** Return the address of a view; what is as it is without being asked for is left out. */
export function written(view: View): string {
  const asked = new URLSearchParams();
  const put = (name: string, value: string | number | null, usual: string | number | null): void => {
    if (value !== usual && value !== null && value !== "") asked.set(name, String(value));
  };
  put("tab", view.tab, NOTHING.tab);
  for (const slug of view.category) asked.append("category", slug);
  put("venue", view.venue, "");
  if (view.from !== null || view.to !== null) asked.set("year", `${view.from ?? ""}..${view.to ?? ""}`);
  put("text", view.text, "");
  put("colour", view.colour, NOTHING.colour);
  put("layout", view.layout, NOTHING.layout);
  put("work", view.work, "");
  put("target", view.target, "");
  if (view.selected.length <= MOST_SELECTED) put("selected", view.selected.join(" "), "");
  put("sort", view.sort, NOTHING.sort);
  put("cited", view.cited, null);
  put("around", view.around, "");
  put("depth", view.depth, 1);
  put("query", view.query, "");
  put("as", view.as, NOTHING.as);
  const text = asked.toString();
  return text ? `/?${text}` : "/";
}

/** Return what the browser keeps beside the address: a selection that is too large for it. */
function state(view: View): { selected: string[] } | null {
  return view.selected.length > MOST_SELECTED ? { selected: view.selected } : null;
}

function here(kept: unknown): View {
  const selected = (kept as { selected?: string[] } | null)?.selected;
  return { ...read(location.search), ...(Array.isArray(selected) ? { selected } : {}) };
}

type Listener = (view: View, changed: Set<keyof View>) => void;

/** The view of this page: who changes it, all that show something of it are told. */
export class Shown {
  view: View;
  private listeners: Listener[] = [];

  constructor() {
    this.view = here(history.state);
    addEventListener("popstate", (event) => this.tell(here(event.state)));
  }

  /** Be told of changes, in the order in which one asked to be. */
  on(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Change the view; with `step` the browser's way back leads to what was before. */
  change(part: Partial<View>, step = false): void {
    const next = { ...this.view, ...part };
    const address = written(next);
    if (address !== location.pathname + location.search) {
      if (step) history.pushState(state(next), "", address);
      else history.replaceState(state(next), "", address);
    } else if (next.selected.length > MOST_SELECTED) history.replaceState(state(next), "", address);
    this.tell(next);
  }

  private tell(next: View): void {
    const before = this.view;
    const names = Object.keys(next) as (keyof View)[];
    const changed = new Set(names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(next[name])));
    this.view = next;
    if (changed.size) for (const listener of this.listeners) listener(next, changed);
  }
}
