// An answer as a graph: what stands in it and what a row, or a triple, joins. Where things stand the server computes.

import Graph from "graphology";
import Sigma, { DEFAULT_STYLES } from "sigma";
import type { Answer, Term } from "./answer";
import { counted, el } from "./dom";
import { placed } from "./server";

/** Of a larger answer the first so many things are drawn. */
const MOST = 500;
const MOST_LINKS = 5000;

/** Draw an answer in an element: triples from subject to object, rows from the first cell to each other.

    Return what ends the drawing; a browser has few of the contexts in which it is drawn. */
export async function drawAnswer(host: HTMLElement, answer: Answer, name: (term: Term) => string): Promise<() => void> {
  const numbers = new Map<string, number>();
  const labels: string[] = [];
  const links: number[] = [];
  const joined = new Set<string>();
  let left = 0;
  const place = (term: Term): number | undefined => {
    const id = `${term.type} ${term.value}`;
    const known = numbers.get(id);
    if (known !== undefined) return known;
    if (labels.length === MOST) {
      left++;
      return undefined;
    }
    numbers.set(id, labels.length);
    labels.push(term.type === "uri" ? name(term) : term.value.slice(0, 60));
    return labels.length - 1;
  };
  for (const row of answer.rows) {
    const ends = (answer.kind === "triples" ? [row[0], row[2]] : row).filter((term): term is Term => term !== undefined);
    const places = ends.map(place);
    const from = places[0];
    for (const to of places.slice(1)) {
      if (from === undefined || to === undefined || from === to || joined.has(`${from} ${to}`)) continue;
      joined.add(`${from} ${to}`);
      if (links.length < 2 * MOST_LINKS) links.push(from, to);
    }
  }
  if (!labels.length) {
    host.append(el("p", { class: "quiet" }, "There is nothing to draw."));
    return () => undefined;
  }
  const stage = el("div", { class: "answer-graph", role: "img", "aria-label": `The answer as a graph of ${counted(labels.length, "thing")}` });
  if (left) host.append(el("p", { class: "quiet" }, `The first ${MOST} things; the table has all.`));
  host.append(stage);
  try {
    const spots = await placed(labels.length, links);
    if (!stage.isConnected) return () => undefined; // something else is shown by now
    const graph = new Graph({ type: "directed", multi: true });
    labels.forEach((label, n) => graph.addNode(n, { label, x: spots.x[n], y: spots.y[n], size: 5, color: "#0072b2" }));
    for (let n = 0; n < links.length; n += 2) graph.addEdge(links[n], links[n + 1], { color: "#8a8f98", size: 1 });
    const css = getComputedStyle(document.documentElement);
    const sigma = new Sigma(graph, stage, {
      settings: { allowInvalidContainer: true, enableCameraRotation: false, itemSizesReference: "screen", labelRenderedSizeThreshold: 0 },
      styles: {
        nodes: [
          DEFAULT_STYLES.nodes,
          { labelColor: css.getPropertyValue("--text").trim(), labelSize: 12, backdropColor: css.getPropertyValue("--paper").trim() },
        ],
        edges: DEFAULT_STYLES.edges,
      },
    });
    return () => sigma.kill();
  } catch (error) {
    stage.replaceWith(el("p", { class: "error", role: "alert" }, (error as Error).message));
    return () => undefined;
  }
}
