// What the server is asked, and the shapes of its answers.

export interface Group {
  name?: string;
  works?: number[];
  colour: string;
  shape: number;
}

export interface Basis {
  reference_lists: number;
  complete: number;
  listed: number;
  without: number;
}

export interface Columns {
  path: string[];
  key: string[];
  title: string[];
  authors: string[];
  year: (number | null)[];
  venue: string[];
  categories: number[][];
  community: number[];
  listed: number[];
  listed_citations: number[];
  citations: (number | null)[];
  distance: number[];
  x: number[];
  y: number[];
  time: number[];
  height: number[];
}

export interface Drawn {
  of: string;
  base: string;
  left: number;
  basis: Basis;
  categories: { slug: string; name: string }[];
  communities: Record<string, string>;
  groups: Record<"category" | "community" | "year", Group[]>;
  nodes: Columns;
  links: number[];
}

export interface Near {
  path: string;
  key: string;
  title: string;
  year?: number;
  listed: boolean;
  score: number;
  why?: string;
  by?: string[];
  more?: number;
}

export interface Ranking {
  measure?: string;
  found: number;
  works: Near[];
  why?: string;
}

export interface Name {
  given?: string;
  particle?: string;
  family?: string;
  suffix?: string;
  literal?: string;
}

export interface Told {
  path: string;
  details: {
    work: {
      key: string;
      title: string;
      authors?: Name[];
      authors_truncated?: boolean;
      year?: number;
      venue?: { iri: string; title: string; acronym?: string };
      url?: string;
      categories?: string[];
      code?: string[];
      citations?: number;
    };
    open_access?: string;
    references_known: boolean;
  };
  measures: Record<string, number>;
  cites: Ranking;
  cited_by: Ranking;
  related: Ranking;
  bibtex: string;
}

export interface Chains {
  length: number;
  paths: { works: { iri: string; key: string; title: string; year?: number; listed: boolean }[]; steps: string[] }[];
}

export interface Found {
  found: number;
  works: { path: string; key: string; title: string; listed: boolean }[];
}

export interface Question {
  name: string;
  topic: string;
  answers: string;
  parameters: { name: string; kind: string; default: string }[];
  query: string;
}

export interface Terms {
  base: string;
  prefixes: Record<string, string>;
  terms: string[];
  kinds: Record<string, string>;
}

export interface Formats {
  bibliography: string[];
  subgraph: string[];
}

/** Ask the server; an error bears what it says of the failure. */
export async function ask<T>(name: string, query: URLSearchParams | Record<string, string> = {}): Promise<T> {
  const text = new URLSearchParams(query).toString();
  return (await (await answered(fetch(`/explore/${name}${text ? `?${text}` : ""}`))).json()) as T;
}

/** Return a file that the server makes of works, and its name. */
export async function made(name: "bibliography" | "subgraph", works: string[], format: string): Promise<[Blob, string]> {
  const body = JSON.stringify({ works, format });
  const answer = await answered(fetch(`/explore/${name}`, posted(body)));
  const told = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "");
  return [await answer.blob(), told?.[1] ?? `selection.${format}`];
}

/** Return where things stand that `links` (pairs of places) join. */
export async function placed(count: number, links: number[]): Promise<{ x: number[]; y: number[] }> {
  const body = JSON.stringify({ nodes: count, links });
  return (await (await answered(fetch("/explore/layout", posted(body)))).json()) as { x: number[]; y: number[] };
}

function posted(body: string): RequestInit {
  return { method: "POST", body, headers: { "Content-Type": "application/json" } };
}

/** Wait for an answer, and make a refusal an error with the server's own words. */
export async function answered(asking: Promise<Response>): Promise<Response> {
  let answer: Response;
  try {
    answer = await asking;
  } catch {
    throw new Error("The server does not answer. Is 'llmcomp serve' still running?");
  }
  if (answer.ok) return answer;
  const text = await answer.text();
  let why = text.trim();
  try {
    why = (JSON.parse(text) as { error?: string }).error ?? why;
  } catch {
    // words, not JSON
  }
  throw new Error(why || `The server answered ${answer.status}.`);
}
