// The controls above the drawing, and the legend, whose entries filter too.

import { byId, el } from "./dom";
import { seen, shapeOf } from "./drawing";
import { series, type Network } from "./network";
import type { Colour, Place, Shown, View } from "./view";

/** Make the controls of a network, which change the view; what is returned lets them show it. */
export function makeFilters(network: Network, shown: Shown): () => void {
  const { nodes, categories } = network.drawn;
  const option = (value: string, text: string): HTMLOptionElement => el("option", { value }, text);
  const labelled = (text: string, control: HTMLElement): HTMLElement => el("label", {}, text, control);

  const count = new Map<string, number>();
  for (const venue of nodes.venue) count.set(series(venue), (count.get(series(venue)) ?? 0) + 1);
  count.delete("");
  const venues = [...count].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const category = el(
    "select",
    { id: "category", onchange: () => shown.change({ category: category.value ? [category.value] : [] }) },
    option("", "all"),
    ...categories.map((c) => option(c.slug, c.name)),
  );
  const several = option("several", "several");
  several.hidden = true;
  category.append(several);
  const venue = el(
    "select",
    { id: "venue", onchange: () => shown.change({ venue: venue.value }) },
    option("", "all"),
    ...venues.map(([name, works]) => option(name, `${name} (${works})`)),
  );
  const year = (name: "from" | "to"): HTMLInputElement => {
    const made = el("input", {
      id: name,
      type: "number",
      min: 1900,
      max: 2100,
      placeholder: name === "from" ? "first" : "last",
      onchange: () => shown.change({ [name]: made.value ? Number(made.value) : null }),
    });
    return made;
  };
  const from = year("from");
  const to = year("to");
  const choice = <T extends string>(id: "colour" | "layout", ...values: [T, string][]): HTMLSelectElement => {
    const made = el(
      "select",
      { id, onchange: () => shown.change({ [id]: made.value } as Partial<View>) },
      ...values.map(([value, text]) => option(value, text)),
    );
    return made;
  };
  const colour = choice<Colour>("colour", ["category", "category"], ["community", "community"], ["year", "year"]);
  const layout = choice<Place>("layout", ["force", "by citations"], ["years", "along the years"]);
  const cited = el("input", {
    id: "cited",
    type: "number",
    min: 1,
    max: 9999,
    placeholder: "none",
    title: "Also works outside the lists that so many of these cite",
    onchange: () => shown.change({ cited: cited.value ? Number(cited.value) : null }, true),
  });
  const depth = el("input", {
    id: "depth",
    type: "number",
    min: 1,
    max: 9,
    title: "How many citations away, either way",
    onchange: () => shown.change({ depth: Number(depth.value) || 1 }, true),
  });
  const within = labelled("Within ", depth);
  const clear = el(
    "button",
    {
      type: "button",
      id: "clear",
      onclick: () => {
        category.focus(); // this button goes
        shown.change({ category: [], venue: "", from: null, to: null, text: "", cited: null, around: "", depth: 1 }, true);
      },
    },
    "Show all",
  );
  const controls = byId("controls");
  const focused = controls.contains(document.activeElement) ? document.activeElement!.id : "";
  controls.replaceChildren(
    labelled("Category ", category),
    labelled("Venue ", venue),
    labelled("From ", from),
    labelled("to ", to),
    labelled("Colour ", colour),
    labelled("Drawn ", layout),
    labelled("Outside, cited by ", cited),
    within,
    clear,
  );
  // they were made anew under the hands of whoever used one
  if (focused) (focused === "clear" ? category : byId(focused)).focus();

  return (): void => {
    const view = shown.view;
    category.value = view.category.length > 1 ? "several" : (view.category[0] ?? "");
    venue.value = view.venue;
    from.value = view.from === null ? "" : String(view.from);
    to.value = view.to === null ? "" : String(view.to);
    colour.value = view.colour;
    layout.value = view.layout;
    depth.value = String(view.depth);
    within.hidden = !view.around;
    cited.value = view.cited === null ? "" : String(view.cited);
    const text = byId<HTMLInputElement>("text");
    if (text.value !== view.text) text.value = view.text;
    const filtered = view.category.length || view.venue || view.from !== null || view.to !== null || view.text;
    clear.hidden = !filtered && !view.around && view.cited === null;
    clear.textContent = view.around ? "Show all works again" : "Show all";
    legend(network, shown);
  };
}

/** Show what the colours mean; an entry of a category filters by it. */
export function legend(network: Network, shown: Shown): void {
  const view = shown.view;
  const dark = document.documentElement.dataset["theme"] === "dark";
  const slugs = new Map(network.drawn.categories.map((c) => [c.slug, c.name]));
  const entries = network.drawn.groups[view.colour].map((group) => {
    const name = group.name ?? "";
    const text = (view.colour === "category" ? slugs.get(name) : name) || "none";
    const mark = el("i", { class: `mark ${shapeOf(group)}`, "aria-hidden": true });
    mark.style.color = seen(group, dark);
    const label = `${text} (${(group.works ?? []).length})`;
    const filters = (view.colour === "category" || view.colour === "year") && name;
    if (!filters) return el("li", {}, mark, label);
    const on = view.colour === "category" ? view.category.includes(name) : view.from === Number(name) && view.to === Number(name);
    const change = (): void => {
      if (view.colour === "year") shown.change(on ? { from: null, to: null } : { from: Number(name), to: Number(name) });
      else shown.change({ category: on ? view.category.filter((c) => c !== name) : [...view.category, name] });
    };
    return el("li", {}, el("button", { "aria-pressed": String(on), onclick: change }, mark, label));
  });
  const list = byId("legend");
  const focused = [...list.children].findIndex((entry) => entry.contains(document.activeElement));
  list.replaceChildren(...entries);
  list.children[focused]?.querySelector("button")?.focus();
}
