// The page: loads the works that the view names, and lets drawing, list, panel and queries show one view.

import { Details, type Paths } from "./details";
import { byId, counted, el, tell } from "./dom";
import { Drawing, type Focus } from "./drawing";
import { legend, makeFilters } from "./filters";
import { List } from "./list";
import { Network } from "./network";
import { Query } from "./query";
import { makeToolbar } from "./selecting";
import { ask, type Drawn, type Formats } from "./server";
import { Shown, unnamed, type View } from "./view";

const shown = new Shown();
let network: Network | null = null;
let drawing: Drawing | null = null;
let list: List | null = null;
let filters: () => void = () => undefined;
let paths: Paths = [];
const base = (): string => network?.drawn.base ?? "";
let loads = 0;
const dark = (): boolean => document.documentElement.dataset["theme"] === "dark";

const query = new Query(shown);
const details = new Details(shown, base, (found) => {
  paths = found;
  draw();
});

/** Load the works that the view is about. */
async function load(view: View): Promise<void> {
  const asked = new URLSearchParams();
  if (view.cited !== null) asked.set("cited", String(view.cited));
  if (view.around) {
    asked.set("around", view.around);
    asked.set("depth", String(view.depth));
  }
  const turn = ++loads;
  tell("Loading …");
  const [drawn, formats] = await Promise.all([ask<Drawn>("network", asked), ask<Formats>("formats")]);
  if (turn !== loads) return; // another view is wanted by now
  byId("unseen").hidden = true;
  drawing?.end();
  drawing = null;
  network = new Network(drawn);
  filters = makeFilters(network, shown);
  const listed = (): string[] => list?.keys ?? [];
  const bar = makeToolbar(formats, shown, listed);
  list = new List(network, shown, byId("list"), bar);
  try {
    drawing = new Drawing(network, byId("drawing"), byId("axis"), (place) =>
      shown.change({ work: place === null ? "" : network!.drawn.nodes.path[place]!, target: "" }, true),
    );
    drawing.first(() => (byId("drawing").dataset["drawn"] = String(Math.round(performance.now()))));
  } catch (error) {
    const unseen = byId("unseen");
    unseen.hidden = false;
    unseen.textContent = `This browser cannot draw the graph (${(error as Error).message}). The list shows the same works.`;
  }
  update(view);
  const { basis, left } = drawn;
  const rests = `${drawn.of}; citations rest on ${counted(basis.reference_lists, "reference list")}, ${basis.complete} of them complete`;
  const more = basis.without ? `; ${basis.without} of ${basis.listed} listed papers have none yet, 'llmcomp enrich' fetches them` : "";
  tell(`${rests}${more}${left ? `; ${left.toLocaleString("en")} works that are cited less are left out` : ""}`);
}

/** Show the view in list and drawing. */
function update(view: View): void {
  if (!network || !list) return;
  filters();
  list.show(network.shown(view));
  byId("list").querySelector(".toolbar")?.dispatchEvent(new Event("listed"));
  draw();
  byId("drawing").setAttribute("aria-label", `The citation graph: ${counted(list.keys.length, "work")}; the list shows the same works`);
}

function draw(): void {
  if (!network || !drawing) return;
  drawing.show(shown.view, new Set(network.shown(shown.view)), focus(network, shown.view), dark());
  drawing.layout = shown.view.layout;
}

/** Return what stands out: the works of paths, or the chosen work and its neighbours. */
function focus(of: Network, view: View): Focus | null {
  if (paths.length) {
    const places = paths.map((keys) => keys.map((key) => of.withKey(key)));
    const links = new Set<string>();
    for (const path of places)
      for (let n = 1; n < path.length; n++) links.add(`${path[n - 1]} ${path[n]}`).add(`${path[n]} ${path[n - 1]}`);
    const nodes = new Set(places.flat().filter((n): n is number => n !== undefined));
    return { nodes, links, named: nodes };
  }
  const chosen = of.place.get(view.work);
  if (chosen === undefined) return null;
  const near = of.near(chosen);
  const links = new Set(near.flatMap((n) => [`${n} ${chosen}`, `${chosen} ${n}`]));
  return { nodes: new Set([chosen, ...near]), links, named: new Set([chosen]) };
}

function tabs(view: View): void {
  for (const name of ["graph", "query"] as const) {
    const on = view.tab === name;
    const tab = byId(`tab-${name}`);
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    byId(`panel-${name}`).hidden = !on;
  }
  if (view.tab === "query") void query.open();
  else drawing?.resize();
}

function theme(name: string): void {
  document.documentElement.dataset["theme"] = name;
  if (!network) return;
  legend(network, shown);
  draw();
}

function start(): void {
  const wanted = matchMedia("(prefers-color-scheme: dark)");
  theme(kept("theme") ?? (wanted.matches ? "dark" : "light"));
  wanted.addEventListener("change", () => kept("theme") ?? theme(wanted.matches ? "dark" : "light"));
  byId("theme").addEventListener("click", () => {
    const next = dark() ? "light" : "dark";
    keep("theme", next);
    theme(next);
  });
  if (innerWidth < 700) byId("filters").removeAttribute("open");

  const text = byId<HTMLInputElement>("text");
  text.value = shown.view.text;
  text.addEventListener("input", () => shown.change({ text: text.value, tab: "graph" }));
  const names = ["graph", "query"] as const;
  names.forEach((name, n) => {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => shown.change({ tab: name }, true));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = names[1 - n]!;
      shown.change({ tab: other }, true);
      byId(`tab-${other}`).focus();
    });
  });
  for (const button of byId("zoom").querySelectorAll("button"))
    button.addEventListener("click", () => drawing?.zoom(button.dataset["zoom"] as "in" | "out" | "fit"));
  addEventListener("show-works", (event) => {
    const { iris, keys } = (event as CustomEvent<{ iris: string[]; keys: string[] }>).detail;
    const known = iris.flatMap((iri) => {
      const place = network?.place.get(iri.slice(base().length));
      return place === undefined ? [] : [network!.drawn.nodes.key[place]!];
    });
    const selected = [...new Set([...known, ...keys.filter((key) => network?.withKey(key) !== undefined)])];
    shown.change({ selected, tab: "graph" }, true);
    tell(`${counted(selected.length, "work")} selected${unnamed(selected)}`);
  });

  shown.on((view, changed) => {
    if (changed.has("tab")) tabs(view);
    if (changed.has("cited") || changed.has("around") || changed.has("depth")) {
      const turn = loads + 1;
      void load(view).catch((error: unknown) => turn === loads && failed(error));
      return;
    }
    if ([...changed].some((name) => !["tab", "query", "as"].includes(name))) update(view);
    if (changed.has("work")) {
      const place = network?.place.get(view.work);
      if (place !== undefined) list?.reveal();
    }
  });
  tabs(shown.view);
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => drawing?.resize(), 100);
  });
  void load(shown.view)
    .then(() => details.update(shown.view))
    .catch(failed);
}

/** Return what this browser keeps under a name; some keep nothing, and say so with an error. */
function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // it holds for this page then
  }
}

function failed(error: unknown): void {
  const unseen = byId("unseen");
  unseen.hidden = false;
  unseen.replaceChildren(`${(error as Error).message} `, el("a", { href: "/" }, "Show all works"));
  tell((error as Error).message);
}

start();
