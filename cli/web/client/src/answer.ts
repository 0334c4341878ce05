// Answers of the endpoint: a table of terms, yes or no, or triples.

import { answered } from "./server";

export interface Term {
  type: "uri" | "literal" | "bnode" | "triple";
  value: string;
  language?: string;
}

export interface Answer {
  kind: "rows" | "triples" | "boolean";
  columns: string[];
  rows: (Term | undefined)[][];
  yes?: boolean;
  /** The number of rows at which the server cut it, if it did. */
  cut: string | null;
}

interface Results {
  head: { vars?: string[] };
  boolean?: boolean;
  results?: { bindings: Record<string, { type: string; value: string; "xml:lang"?: string }>[] };
}

/** Ask the endpoint; `signal` ends the asking, and with it the query. */
export async function sparql(query: string, signal: AbortSignal): Promise<Answer> {
  const answer = await answered(send(query, "application/sparql-results+json, application/n-triples;q=0.9", signal));
  const cut = answer.headers.get("X-SPARQL-MaxRows");
  if ((answer.headers.get("content-type") ?? "").includes("n-triples")) {
    const rows = triples(await answer.text());
    return { kind: "triples", columns: ["subject", "predicate", "object"], rows, cut };
  }
  const told = (await answer.json()) as Results;
  if (told.boolean !== undefined) return { kind: "boolean", columns: [], rows: [], yes: told.boolean, cut };
  const columns = told.head.vars ?? [];
  const rows = (told.results?.bindings ?? []).map((row) =>
    columns.map((name) => {
      const term = row[name];
      return term && { type: term.type as Term["type"], value: term.value, language: term["xml:lang"] };
    }),
  );
  return { kind: "rows", columns, rows, cut };
}

/** Return an answer as a file in the format that a media type names. */
export async function file(query: string, accept: string, signal: AbortSignal): Promise<Blob> {
  return (await answered(send(query, accept, signal))).blob();
}

function send(query: string, accept: string, signal: AbortSignal): Promise<Response> {
  const headers = { "Content-Type": "application/sparql-query", Accept: accept };
  return fetch("/sparql", { method: "POST", body: query, headers, signal });
}

const TERM = /<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<[^>]*>)?/g;

/** Read N-Triples as our server writes them, a statement a line. */
export function triples(text: string): Term[][] {
  return text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) =>
      [...line.matchAll(TERM)].slice(0, 3).map(([, iri, blank, literal, language]): Term => {
        if (iri !== undefined) return { type: "uri", value: plain(iri) };
        if (blank !== undefined) return { type: "bnode", value: blank };
        return { type: "literal", value: plain(literal ?? ""), language };
      }),
    );
}

function plain(text: string): string {
  const short: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
  return text.replace(/\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)/g, (_, four?: string, eight?: string, one?: string) =>
    four || eight ? String.fromCodePoint(parseInt((four ?? eight)!, 16)) : (short[one!] ?? one!),
  );
}
