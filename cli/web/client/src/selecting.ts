// What becomes of a selection: a bibliography, a reading list, a subgraph.

import { counted, download, el, tell } from "./dom";
import { made, type Formats } from "./server";
import { unnamed, type Shown } from "./view";

const NAMES: Record<string, string> = {
  bibtex: "BibTeX (.bib)",
  biblatex: "BibLaTeX (.bib)",
  "csl-json": "CSL-JSON (Zotero, pandoc)",
  "csl-yaml": "CSL-YAML",
  ris: "RIS",
  text: "Text",
  html: "HTML",
  "reading-list": "Reading list (.md)",
  graphml: "GraphML",
  gexf: "GEXF (Gephi)",
  cytoscape: "Cytoscape (.cyjs)",
  pajek: "Pajek (.net)",
  dot: "DOT (Graphviz)",
  csv: "CSV of citations",
  "csv-nodes": "CSV of works",
};

/** Make the bar above the list: how many are selected, and into what they can be made. */
export function makeToolbar(formats: Formats, shown: Shown, listed: () => string[]): HTMLElement {
  const options = (names: string[]): HTMLOptionElement[] =>
    names.map((name) => el("option", { value: name }, NAMES[name] ?? name));
  const format = el(
    "select",
    { id: "format", "aria-label": "What the selection becomes" },
    el("optgroup", { label: "Bibliography" }, ...options(["bibtex", ...formats.bibliography.filter((f) => f !== "bibtex")])),
    el("optgroup", { label: "Reading list" }, ...options(["reading-list"])),
    el("optgroup", { label: "Subgraph" }, ...options(formats.subgraph.filter((f) => f !== "reading-list"))),
  );
  const count = el("output", { id: "count" });
  const all = el("button", { id: "select-all", onclick: () => selectAll() }, "Select all");
  const none = el("button", { id: "select-none", onclick: () => shown.change({ selected: [] }) }, "None");
  const save = el("button", { id: "save", onclick: () => void keep(false) }, "Save");
  const copy = el("button", { id: "copy", onclick: () => void keep(true) }, "Copy");

  function selectAll(): void {
    const selected = [...new Set([...shown.view.selected, ...listed()])];
    shown.change({ selected });
    tell(`${counted(selected.length, "work")} selected${unnamed(selected)}`);
  }

  async function keep(copying: boolean): Promise<void> {
    const works = shown.view.selected.length ? shown.view.selected : listed();
    const name = formats.bibliography.includes(format.value) ? "bibliography" : "subgraph";
    try {
      const [data, file] = await made(name, works, format.value);
      if (copying) await navigator.clipboard.writeText(await data.text());
      else download(data, file);
      tell(`${counted(works.length, "work")} ${copying ? "copied" : `saved as ${file}`}`);
    } catch (error) {
      tell((error as Error).message);
    }
  }

  const update = (): void => {
    const chosen = shown.view.selected.length;
    count.textContent = chosen ? `${chosen.toLocaleString("en")} of ${listed().length.toLocaleString("en")} selected` : counted(listed().length, "work");
    none.hidden = !chosen;
    save.disabled = copy.disabled = !chosen && !listed().length;
    save.textContent = chosen ? "Save selection" : "Save all";
    copy.hidden = ["png", "pdf"].includes(format.value);
  };
  format.addEventListener("change", update);
  const bar = el("div", { class: "toolbar", role: "group", "aria-label": "Selection" }, count, all, none, format, save, copy);
  bar.addEventListener("listed", update);
  return bar;
}
