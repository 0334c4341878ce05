// The chosen work: what is known of it, what is near and why, and the path to another one.

import { byId, el, href, tell } from "./dom";
import { ask, type Chains, type Found, type Name, type Near, type Ranking, type Told } from "./server";
import type { Shown, View } from "./view";

/** The paths between two works, told to whoever draws them: the keys of each, in order. */
export type Paths = string[][];

/** Show the chosen work of the view in its panel, and whatever leads on from there. */
export class Details {
  private readonly panel = byId("details");
  private asked = 0;

  constructor(
    private readonly shown: Shown,
    private readonly base: () => string,
    private readonly drawPaths: (paths: Paths) => void,
  ) {
    shown.on((view, changed) => {
      if (changed.has("selected")) this.mark();
      if (!changed.has("work") && !changed.has("target")) return;
      this.drawPaths([]);
      void this.update(view, changed.has("work"));
    });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** Show the view's work, if there is one. */
  async update(view: View, fresh = true): Promise<void> {
    const turn = ++this.asked;
    if (!view.work) {
      this.panel.hidden = true;
      this.panel.replaceChildren();
      document.title = "llmcomp";
      return;
    }
    this.panel.hidden = false;
    try {
      if (fresh) {
        const told = await ask<Told>("work", { key: view.work });
        if (turn !== this.asked) return;
        this.show(told);
        tell(`${told.details.work.title}`);
      }
      const place = this.panel.querySelector(".paths");
      const paths = view.target ? await this.paths(view, turn) : [];
      if (turn === this.asked) place?.replaceChildren(...paths);
    } catch (error) {
      if (turn !== this.asked) return;
      this.panel.replaceChildren(this.closing(), el("p", { class: "error", role: "alert" }, (error as Error).message));
    }
  }

  private close(): void {
    this.shown.change({ work: "", target: "" }, true);
    byId("grid").focus();
  }

  private closing(): HTMLElement {
    return el("button", { class: "close", "aria-label": "Close", onclick: () => this.close() }, "×");
  }

  private show(told: Told): void {
    const { details, measures } = told;
    const work = details.work;
    const authors = (work.authors ?? []).map(spoken).join(", ") + (work.authors_truncated ? " and others" : "");
    const venue = work.venue;
    const links: [string, string | undefined][] = [
      ["Paper", work.url],
      ["Open access", details.open_access],
      ...(work.code ?? []).map((address): [string, string] => ["Code", address]),
    ];
    const numbers: [string, number | undefined][] = [
      ["cited by listed works", measures["listed_citations"]],
      ["cited in this graph", measures["citations"]],
      ["cited anywhere", work.citations],
      ["k-core", measures["core"]],
    ];
    const copy = el("button", { id: "copy-bibtex", onclick: () => void this.copy(told.bibtex) }, "Copy BibTeX");
    const select = el("button", { id: "select", "data-key": work.key, onclick: () => this.select(work.key) });
    const around = el(
      "button",
      { id: "around", title: "Draw what is near this work alone", onclick: () => this.shown.change({ around: told.path, depth: 1, cited: this.shown.view.cited ?? 1 }, true) },
      "Surroundings",
    );
    const children = [
      this.closing(),
      el("h2", {}, el("a", { href: href(told.path), title: "All that is known, and who says so" }, work.title)),
      el("p", { class: "authors" }, authors || "authors unknown"),
      el(
        "p",
        {},
        venue ? el("a", { href: href(venue.iri.slice(this.base().length)) }, venue.acronym || venue.title) : "",
        venue?.acronym?.includes(String(work.year)) ? "" : ` ${work.year ?? ""}`,
        " ",
        el("code", {}, work.key),
      ),
      el(
        "p",
        { class: "links" },
        ...links.flatMap(([text, address]) =>
          address && /^https?:/.test(address) ? [el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, text), " "] : [],
        ),
        ...(work.categories ?? []).flatMap((slug) => [el("a", { href: `/category/${slug}`, class: "tag" }, slug), " "]),
      ),
      el(
        "p",
        { class: "numbers" },
        ...numbers.flatMap(([text, value]) => (value === undefined ? [] : [el("span", {}, el("b", {}, value.toLocaleString("en")), ` ${text}`), " "])),
      ),
      el("p", { class: "buttons" }, copy, select, around),
      this.pathForm(told.path),
      el("div", { class: "paths" }),
      this.ranking("Related", told.related, true),
      this.ranking("Cites", told.cites),
      this.ranking("Cited by", told.cited_by),
    ];
    const inside = this.panel.contains(document.activeElement);
    this.panel.replaceChildren(...children);
    this.panel.scrollTop = 0;
    // the button that was pressed is gone; what it led to is here
    if (inside) this.panel.focus();
    this.mark();
    document.title = `${work.title} – llmcomp`;
  }

  private async copy(bibtex: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(bibtex);
      tell("BibTeX copied");
    } catch {
      this.panel.querySelector(".buttons")?.after(el("pre", { class: "bibtex" }, bibtex));
      tell("This browser does not let a page copy here; the entry is shown instead");
    }
  }

  private select(key: string): void {
    const selected = this.shown.view.selected;
    this.shown.change({ selected: selected.includes(key) ? selected.filter((k) => k !== key) : [...selected, key] });
  }

  /** Say on the button whether the work is selected. */
  private mark(): void {
    const button = this.panel.querySelector<HTMLElement>("#select");
    if (!button) return;
    const on = this.shown.view.selected.includes(button.dataset["key"]!);
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Selected" : "Select";
  }

  private ranking(title: string, ranking: Ranking, open = false): HTMLElement {
    const more = ranking.found > ranking.works.length ? `, the first ${ranking.works.length} here` : "";
    return el(
      "details",
      { open, class: "near" },
      el("summary", {}, `${title} (${ranking.found}${more})`),
      ranking.why ? el("p", {}, ranking.why) : null,
      el("ul", {}, ...ranking.works.map((work) => this.entry(work))),
    );
  }

  private entry(work: Near): HTMLElement {
    const by = work.by?.length ? `: ${work.by.join(", ")}${work.more ? ` and ${work.more} more` : ""}` : "";
    return el(
      "li",
      {},
      el("button", { class: "work", onclick: () => this.shown.change({ work: work.path, target: "" }, true) }, work.title),
      el("small", {}, [work.year, work.listed ? "" : "not listed", work.why ? work.why + by : ""].filter(Boolean).join(" · ")),
    );
  }

  private pathForm(from: string): HTMLElement {
    const found = el("datalist", { id: "found" });
    let turn = 0;
    const input = el("input", {
      id: "target",
      list: "found",
      "aria-label": "Path to which work",
      placeholder: "Path to: key or title",
      autocomplete: "off",
      oninput: () => void suggest(),
    });
    async function suggest(): Promise<void> {
      const mine = ++turn;
      const text = input.value.trim();
      if (text.length < 3) return;
      await new Promise((resolve) => setTimeout(resolve, 150));
      if (mine !== turn) return;
      const hits = await ask<Found>("search", { text }).catch(() => null);
      if (mine === turn && hits) found.replaceChildren(...hits.works.slice(0, 12).map((w) => el("option", { value: w.key }, w.title)));
    }
    const go = (event: Event): void => {
      event.preventDefault();
      if (input.value.trim()) this.shown.change({ work: from, target: input.value.trim() }, true);
    };
    input.value = this.shown.view.target;
    return el("form", { class: "path", onsubmit: go }, input, found, el("button", {}, "Show path"));
  }

  private async paths(view: View, turn: number): Promise<HTMLElement[]> {
    try {
      const chains = await ask<Chains>("path", { from: view.work, to: view.target });
      if (turn !== this.asked) return [];
      this.drawPaths(chains.paths.map((path) => path.works.map((work) => work.key)));
      return chains.paths.map((path, n) =>
        el(
          "ol",
          { class: "chain", "aria-label": `Path ${n + 1}, ${chains.length} steps` },
          ...path.works.map((work, at) =>
            el(
              "li",
              {},
              at ? el("small", {}, `${path.steps[at - 1]} `) : null,
              el("button", { class: "work", onclick: () => this.shown.change({ work: work.iri.slice(this.base().length), target: "" }, true) }, work.title),
              el("small", {}, ` ${work.year ?? ""}`),
            ),
          ),
        ),
      );
    } catch (error) {
      return [el("p", { class: "error", role: "alert" }, (error as Error).message)];
    }
  }
}

function spoken(name: Name): string {
  return [name.literal, name.given, name.particle, name.family, name.suffix].filter(Boolean).join(" ");
}
