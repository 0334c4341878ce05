// The works that were loaded, by place, and which of them a view shows.

import type { Drawn } from "./server";
import type { View } from "./view";

/** Works with the citations among them, as the server drew them. */
export class Network {
  readonly count: number;
  readonly place: Map<string, number>;
  private readonly byKey: Map<string, number>;
  private readonly words: string[];
  private neighbours: number[][] | null = null;

  constructor(readonly drawn: Drawn) {
    const nodes = drawn.nodes;
    this.count = nodes.key.length;
    this.place = new Map(nodes.path.map((path, n) => [path, n]));
    this.byKey = new Map(nodes.key.map((key, n) => [key, n]));
    this.words = nodes.title.map((title, n) =>
      folded(`${title} ${nodes.authors[n]} ${nodes.venue[n]} ${nodes.key[n]}`),
    );
  }

  /** Return the place of the work with this key, or none. */
  withKey(key: string): number | undefined {
    return this.byKey.get(key);
  }

  /** Return the places next to one, citing or cited. */
  near(n: number): number[] {
    if (!this.neighbours) {
      const near: number[][] = Array.from({ length: this.count }, () => []);
      const links = this.drawn.links;
      for (let i = 0; i < links.length; i += 2) {
        near[links[i]!]!.push(links[i + 1]!);
        near[links[i + 1]!]!.push(links[i]!);
      }
      this.neighbours = near;
    }
    return this.neighbours[n] ?? [];
  }

  /** Return the places of the works that meet the conditions of a view. */
  shown(view: View): number[] {
    const { nodes, categories } = this.drawn;
    const wanted = new Set(view.category);
    const numbers = new Set(categories.flatMap((c, n) => (wanted.has(c.slug) ? [n] : [])));
    const words = folded(view.text).split(" ").filter(Boolean);
    const found: number[] = [];
    for (let n = 0; n < this.count; n++) {
      const year = nodes.year[n] ?? null;
      if (wanted.size && !nodes.categories[n]!.some((c) => numbers.has(c))) continue;
      if (view.venue && series(nodes.venue[n]!) !== view.venue) continue;
      if (view.from !== null && (year === null || year < view.from)) continue;
      if (view.to !== null && (year === null || year > view.to)) continue;
      if (words.some((word) => !this.words[n]!.includes(word))) continue;
      found.push(n);
    }
    return found;
  }
}

/** Return the name of a venue without its year: "ICML 2024" is ICML. */
export function series(venue: string): string {
  return venue.replace(/\s*\b(19|20)\d\d\b/, "").trim();
}

/** Return text without case and accents. */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Return places in the order that a view asks for. */
export function sorted(network: Network, places: number[], sort: string): number[] {
  const nodes = network.drawn.nodes;
  const down = sort.startsWith("-");
  const text = (column: string[]) => (a: number, b: number) => column[a]!.localeCompare(column[b]!, "en");
  const number = (column: (number | null)[]) => (a: number, b: number) => (column[a] ?? -1) - (column[b] ?? -1);
  const orders: Record<string, (a: number, b: number) => number> = {
    key: text(nodes.key),
    title: text(nodes.title),
    venue: text(nodes.venue),
    year: number(nodes.year),
    cited: number(nodes.listed_citations),
    citations: number(nodes.citations),
  };
  const order = orders[sort.replace(/^-/, "")] ?? number(nodes.listed_citations);
  return [...places].sort((a, b) => (down ? -order(a, b) : order(a, b)) || a - b);
}
