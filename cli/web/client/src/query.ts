// The tab of queries: questions as examples, an editor, the answer as a table, a graph or a file.

import type { EditorView } from "@codemirror/view";
import { file, sparql, type Answer, type Term } from "./answer";
import { byId, counted, download, el, href, tell } from "./dom";
import { makeEditor } from "./editor";
import { drawAnswer } from "./answer_graph";
import { ask, type Question, type Terms } from "./server";
import type { Shown } from "./view";

const FIRST = `# Works of a category with the number of listed works that cite each.
SELECT ?key ?title (COUNT(?citing) AS ?citations) WHERE {
  VALUES ?category { category:quantization }
  ?work dcterms:subject ?category ; dcterms:title ?title .
  GRAPH graph:keys { ?work :citationKey ?key }
  OPTIONAL { ?citing cito:cites ?work ; dcterms:subject ?any }
}
GROUP BY ?key ?title
ORDER BY DESC(?citations)
LIMIT 20
`;
const FILES: Record<Answer["kind"], [string, string, string][]> = {
  rows: [
    ["CSV", "text/csv", "csv"],
    ["TSV", "text/tab-separated-values", "tsv"],
    ["JSON", "application/sparql-results+json", "srj"],
    ["XML", "application/sparql-results+xml", "srx"],
  ],
  boolean: [["JSON", "application/sparql-results+json", "srj"]],
  triples: [
    ["Turtle", "text/turtle", "ttl"],
    ["N-Triples", "application/n-triples", "nt"],
    ["JSON-LD", "application/ld+json", "jsonld"],
    ["RDF/XML", "application/rdf+xml", "rdf"],
  ],
};
/** So many rows are put into the page at once. */
const AT_ONCE = 500;

/** The tab; it is made when it is first looked at. */
export class Query {
  private editor: EditorView | null = null;
  private terms: Terms = { base: "", prefixes: {}, terms: [], kinds: {} };
  private running: AbortController | null = null;
  private answer: Answer | null = null;
  private asked = "";
  private took = 0;
  private loading = false;
  private endDrawing: () => void = () => undefined;
  private readonly results = el("div", { id: "results" });

  constructor(private readonly shown: Shown) {
    shown.on((view, changed) => {
      if (changed.has("query") && this.editor && view.query !== this.editor.state.doc.toString()) this.text = view.query;
      if (changed.has("as") && this.answer) this.show();
    });
  }

  /** Show the tab with the view's query. */
  async open(): Promise<void> {
    if (this.editor || this.loading) return;
    this.loading = true;
    const panel = byId("panel-query");
    panel.replaceChildren(el("p", {}, "Loading …"));
    try {
      const [questions, terms] = await Promise.all([ask<Question[]>("questions"), ask<Terms>("terms")]);
      this.terms = terms;
      this.build(panel, questions);
      if (this.shown.view.query) await this.run();
    } catch (error) {
      panel.replaceChildren(el("p", { class: "error", role: "alert" }, (error as Error).message));
    } finally {
      this.loading = false;
    }
  }

  private build(panel: HTMLElement, questions: Question[]): void {
    const topics = new Map<string, Question[]>();
    for (const question of questions) topics.set(question.topic, [...(topics.get(question.topic) ?? []), question]);
    const told = el("p", { id: "told", class: "quiet" });
    const examples = el(
      "select",
      {
        id: "examples",
        "aria-label": "Questions as examples",
        onchange: () => {
          const question = questions.find((q) => q.name === examples.value);
          if (!question) return;
          const kinds = question.parameters.map((p) => `?${p.name} is ${this.terms.kinds[p.kind] ?? p.kind}`);
          told.textContent = `${question.answers}${kinds.length ? ` Change what VALUES names: ${kinds.join("; ")}.` : ""}`;
          this.shown.change({ query: question.query }, true); // the way back leads to what stood here
          void this.run();
        },
      },
      el("option", { value: "" }, `${questions.length} questions …`),
      ...[...topics].map(([topic, of]) => el("optgroup", { label: topic }, ...of.map((q) => el("option", { value: q.name, title: q.answers }, q.name)))),
    );
    const host = el("div", { id: "editor" });
    const run = el("button", { id: "run", onclick: () => void this.run() }, "Run");
    const stop = el("button", { id: "stop", onclick: () => this.running?.abort() }, "Stop");
    panel.replaceChildren(
      el("div", { class: "toolbar" }, examples, run, stop, el("span", { class: "quiet" }, "Ctrl-Enter runs")),
      told,
      host,
      this.results,
    );
    this.editor = makeEditor(
      host,
      this.shown.view.query || FIRST,
      this.terms,
      (text) => this.shown.change({ query: text }),
      () => void this.run(),
    );
  }

  private set text(text: string) {
    const editor = this.editor!;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }

  /** Ask what stands in the editor. */
  async run(): Promise<void> {
    this.running?.abort();
    const running = (this.running = new AbortController());
    const query = this.editor!.state.doc.toString();
    this.shown.change({ query });
    this.endDrawing();
    this.results.replaceChildren(el("p", { class: "quiet", role: "status" }, "Asking …"));
    const since = performance.now();
    try {
      const answer = await sparql(query, running.signal);
      if (running !== this.running) return;
      this.answer = answer;
      this.asked = query;
      this.took = performance.now() - since;
      this.show();
    } catch (error) {
      if (running !== this.running) return;
      const why = running.signal.aborted ? "Stopped." : (error as Error).message;
      this.results.replaceChildren(el("pre", { class: "error", role: "alert" }, why));
    }
  }

  private show(): void {
    const answer = this.answer!;
    const took = this.took;
    this.endDrawing();
    this.endDrawing = () => undefined;
    const cut = answer.cut ? `, cut at ${Number(answer.cut).toLocaleString("en")} by the server` : "";
    const count = answer.kind === "boolean" ? "" : counted(answer.rows.length, answer.kind === "rows" ? "row" : "triple") + cut;
    const as = this.shown.view.as;
    const way = (name: "table" | "graph", text: string): HTMLElement =>
      el("button", { "aria-pressed": String(as === name), onclick: () => this.shown.change({ as: name }) }, text);
    const body = el("div", { class: "answer" });
    this.results.replaceChildren(
      el(
        "div",
        { class: "toolbar" },
        el("span", { role: "status" }, `${count}${count ? " " : ""}in ${took < 1000 ? `${Math.round(took)} ms` : `${(took / 1000).toFixed(1)} s`}`),
        ...(answer.kind === "boolean" ? [] : [way("table", "Table"), way("graph", "Graph")]),
        ...FILES[answer.kind].map(([text, type, ending]) => el("button", { onclick: () => void this.save(type, ending) }, text)),
        this.works(answer),
      ),
      body,
    );
    if (answer.kind === "boolean") body.append(el("p", { class: "yes" }, answer.yes ? "yes" : "no"));
    else if (as === "graph") void this.draw(body, answer);
    else this.table(body, answer, 0);
  }

  private async draw(body: HTMLElement, answer: Answer): Promise<void> {
    const end = await drawAnswer(body, answer, (term) => this.short(term.value));
    if (body.isConnected) this.endDrawing = end;
    else end();
  }

  /** Offer to look at the works of an answer in the graph. */
  private works(answer: Answer): HTMLElement | null {
    const base = `${this.terms.base}work/`;
    const found = new Set(answer.rows.flat().filter((t) => t?.type === "uri" && t.value.startsWith(base)).map((t) => t!.value));
    const keys = new Set(answer.rows.flatMap((row) => row.filter((_, n) => answer.columns[n] === "key").map((t) => t?.value ?? "")));
    if (!found.size && !keys.size) return null;
    const select = (): void => {
      dispatchEvent(new CustomEvent("show-works", { detail: { iris: [...found], keys: [...keys] } }));
    };
    return el("button", { id: "show-works", onclick: select }, "Select these works in the graph");
  }

  private async save(type: string, ending: string): Promise<void> {
    try {
      download(await file(this.asked, type, new AbortController().signal), `answer.${ending}`);
      tell(`saved as answer.${ending}`);
    } catch (error) {
      tell((error as Error).message);
    }
  }

  private table(host: HTMLElement, answer: Answer, from: number): void {
    let body = host.querySelector("tbody");
    if (!body) {
      body = el("tbody");
      const head = el("tr", {}, ...answer.columns.map((name) => el("th", { scope: "col" }, name)));
      host.append(el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Answer" }, el("table", {}, el("thead", {}, head), body)));
    }
    body.append(
      ...answer.rows.slice(from, from + AT_ONCE).map((row) => el("tr", {}, ...row.map((term) => el("td", {}, term ? this.term(term) : "")))),
    );
    host.querySelector(".more")?.remove();
    const rest = answer.rows.length - from - AT_ONCE;
    if (rest > 0)
      host.append(el("button", { class: "more", onclick: () => this.table(host, answer, from + AT_ONCE) }, `${counted(rest, "more row")}`));
  }

  private term(term: Term): Node {
    if (term.type !== "uri") return document.createTextNode(term.value + (term.language ? ` @${term.language}` : ""));
    const base = this.terms.base;
    const ours = term.value.startsWith(base) && /^(work|tool|person|venue|category)\//.test(term.value.slice(base.length));
    const text = this.short(term.value);
    if (ours) return el("a", { href: href(term.value.slice(base.length)) }, text);
    if (/^https?:/.test(term.value)) return el("a", { href: term.value, rel: "noopener noreferrer", target: "_blank" }, text);
    return document.createTextNode(text);
  }

  private short(iri: string): string {
    let best: [string, string] = ["", ""];
    for (const [prefix, full] of Object.entries(this.terms.prefixes))
      if (iri.startsWith(full) && full.length > best[1].length) best = [prefix, full];
    return best[1] ? `${best[0]}:${iri.slice(best[1].length)}` : iri;
  }
}
