// The graph as a drawing: colours, sizes and places are the server's, what is dimmed or hidden is the view's.

import Graph from "graphology";
import Sigma, { DEFAULT_STYLES } from "sigma";
import { sdfCircle, sdfDiamond, sdfSquare, sdfTriangle } from "sigma/rendering";
import type { Network } from "./network";
import type { Group } from "./server";
import type { Colour, Place, View } from "./view";

const SHAPES = ["circle", "square", "triangle", "diamond"];
const FAINT = 0.12;
/** Of more selected works the names would cover each other. */
const MOST_NAMED = 40;
/** Three times as light as the dark page is what can be told from it. */
const DARKEST = 0.13;
const SMALLEST = 2.5;
const LARGEST = 14;

interface Node {
  x: number;
  y: number;
  size: number;
  color: string;
  shape: string;
  label: string;
  opacity: number;
  visibility: "visible" | "hidden";
  labelVisibility: "auto" | "visible" | "hidden";
}

interface Edge {
  color: string;
  size: number;
  opacity: number;
  visibility: "visible" | "hidden";
}

/** What stands out: a work with its neighbours, or the works of paths and the steps between them. */
export interface Focus {
  nodes: Set<number>;
  links: Set<string> | null;
  named: Set<number>;
}

/** A drawing of one network in an element. */
export class Drawing {
  private readonly graph = new Graph<Node, Edge>({ type: "directed", multi: false });
  private readonly sigma;
  private readonly ends: [number, number][] = [];
  private dark = false;

  constructor(
    private readonly network: Network,
    private readonly container: HTMLElement,
    private readonly axis: HTMLElement,
    choose: (place: number | null) => void,
  ) {
    const nodes = network.drawn.nodes;
    const most = Math.max(1, ...nodes.listed_citations);
    for (let n = 0; n < network.count; n++) {
      const size = SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(nodes.listed_citations[n]! / most);
      this.graph.addNode(n, {
        x: nodes.x[n]!,
        y: nodes.y[n]!,
        size: network.count > 5000 ? size / 2 : size,
        color: "#888888",
        shape: "circle",
        label: nodes.key[n]!,
        opacity: 1,
        visibility: "visible",
        labelVisibility: "auto",
      });
    }
    const links = network.drawn.links;
    for (let i = 0; i < links.length; i += 2) {
      this.graph.addEdgeWithKey(i / 2, links[i]!, links[i + 1]!, {
        color: "#888888",
        size: 0.6,
        opacity: 1,
        visibility: "visible",
      });
      this.ends.push([links[i]!, links[i + 1]!]);
    }
    const css = getComputedStyle(document.documentElement);
    const colour = (name: string): string => css.getPropertyValue(name).trim();
    this.sigma = new Sigma(this.graph, container, {
      primitives: { nodes: { shapes: [sdfCircle(), sdfSquare(), sdfTriangle(), sdfDiamond()] } },
      styles: {
        nodes: [
          DEFAULT_STYLES.nodes,
          {
            shape: { attribute: "shape" },
            opacity: { attribute: "opacity" },
            visibility: { attribute: "visibility" },
            labelVisibility: {
              whenState: "isHovered",
              then: "visible",
              else: { attribute: "labelVisibility" },
            },
            labelColor: () => colour("--text"),
            labelSize: 12,
            labelFont: "system-ui, sans-serif",
            labelBackgroundColor: () => `${colour("--paper")}b0`,
            labelBackgroundPadding: 1,
            backdropColor: () => colour("--paper"),
          },
        ],
        edges: [
          DEFAULT_STYLES.edges,
          { opacity: { attribute: "opacity" }, visibility: { attribute: "visibility" } },
        ],
      },
      settings: {
        allowInvalidContainer: true,
        enableCameraRotation: false,
        enableNodeDrag: false,
        labelDensity: 0.7,
        labelGridCellSize: 130,
        labelRenderedSizeThreshold: 5,
        minEdgeThickness: 0.5,
        stagePadding: 24,
        itemSizesReference: "screen",
        hideEdgesOnMove: network.drawn.links.length > 60_000,
        minCameraRatio: 0.02,
        maxCameraRatio: 4,
      },
    });
    this.sigma.on("clickNode", ({ node }) => choose(Number(node)));
    this.sigma.on("clickStage", () => choose(null));
    this.sigma.on("afterRender", () => this.years());
  }

  /** Call back when the first picture stands. */
  first(done: () => void): void {
    this.sigma.once("afterRender", done);
  }

  /** Draw what a view shows: the places that its filters leave, and what stands out among them. */
  show(view: View, shown: Set<number>, focus: Focus | null, dark: boolean): void {
    this.dark = dark;
    const nodes = this.network.drawn.nodes;
    const colours = this.colours(view.colour);
    const selected = new Set(view.selected.length <= MOST_NAMED ? view.selected : []);
    const along = view.layout === "years";
    this.graph.updateEachNodeAttributes((node, old) => {
      const n = Number(node);
      const [color, shape] = colours[n]!;
      const stands = !focus || focus.nodes.has(n);
      return {
        ...old,
        ...this.spot(n, along),
        color,
        shape,
        opacity: stands ? 1 : FAINT,
        visibility: shown.has(n) || focus?.named.has(n) ? "visible" : "hidden",
        labelVisibility: focus?.named.has(n) || selected.has(nodes.key[n]!) ? "visible" : stands ? "auto" : "hidden",
      };
    });
    const plain = dark ? "#717b88" : "#8f98a3";
    const strong = dark ? "#e6e8eb" : "#30363d";
    this.graph.updateEachEdgeAttributes((edge, old) => {
      const [citing, cited] = this.ends[Number(edge)]!;
      const told = focus?.links ? focus.links.has(`${citing} ${cited}`) : focus?.nodes.has(citing) && focus.nodes.has(cited);
      const seen = shown.has(citing) && shown.has(cited);
      return {
        ...old,
        color: told ? strong : plain,
        size: told ? 1.2 : 0.6,
        opacity: !focus ? 0.5 : told ? 0.9 : 0.05,
        visibility: seen || (told && focus?.links) ? "visible" : "hidden",
      };
    });
    this.sigma.refresh();
  }

  /** Make everything nearer or farther. */
  zoom(way: "in" | "out" | "fit"): void {
    const camera = this.sigma.getCamera();
    if (way === "in") void camera.zoomIn({ duration: 200 });
    else if (way === "out") void camera.zoomOut({ duration: 200 });
    else void camera.reset({ duration: 300 });
  }

  /** Fit the drawing to an element whose size has changed. */
  resize(): void {
    this.sigma.resize();
    this.sigma.refresh();
  }

  /** End it; another one may take its place. */
  end(): void {
    this.sigma.kill();
  }

  private spot(n: number, along: boolean): { x: number; y: number } {
    const nodes = this.network.drawn.nodes;
    return along ? { x: this.across(nodes.time[n]!), y: nodes.height[n]! } : { x: nodes.x[n]!, y: nodes.y[n]! };
  }

  /** Return where a time stands: the years span one and a half times the height. */
  private across(time: number): number {
    const [first, last] = this.span();
    return ((time - first) / Math.max(1, last - first) - 0.5) * 3;
  }

  private span(): [number, number] {
    const times = this.network.drawn.nodes.time;
    let first = Infinity;
    let last = -Infinity;
    for (const time of times) {
      if (time < first) first = time;
      if (time > last) last = time;
    }
    return [first, last];
  }

  private colours(by: Colour): [string, string][] {
    const found: [string, string][] = Array.from({ length: this.network.count }, () => ["#888888", "circle"]);
    for (const group of this.network.drawn.groups[by])
      for (const n of group.works ?? []) found[n] = [seen(group, this.dark), SHAPES[group.shape % SHAPES.length]!];
    return found;
  }

  private place: Place = "force";

  /** Say whether the years are on the axis. */
  set layout(place: Place) {
    this.place = place;
    this.years();
  }

  private years(): void {
    this.axis.replaceChildren();
    if (this.place !== "years") return;
    const [first, last] = this.span();
    const width = this.container.clientWidth;
    let before = -Infinity;
    for (let year = Math.floor(first); year <= Math.ceil(last); year++) {
      const { x } = this.sigma.graphToViewport({ x: this.across(year), y: 0 });
      if (x < 0 || x > width - 20 || x - before < 44) continue;
      before = x;
      const tick = document.createElement("span");
      tick.textContent = String(year);
      tick.style.left = `${x}px`;
      this.axis.append(tick);
    }
  }
}

/** Return the colour of a group on paper or on black: what is too dark there is lighter, as much as it needs. */
export function seen(group: Group, dark: boolean): string {
  if (!dark) return group.colour;
  if (group.colour === "#000000") return "#f2f2f2";
  let parts = [1, 3, 5].map((at) => parseInt(group.colour.slice(at, at + 2), 16));
  while (luminance(parts) < DARKEST) parts = parts.map((part) => Math.min(255, part + (255 - part) * 0.08));
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** Return how light a colour is, from 0 to 1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(parts: number[]): number {
  const [red, green, blue] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Return the shape of a group, by the name that the legend's style knows. */
export function shapeOf(group: Group): string {
  return SHAPES[group.shape % SHAPES.length]!;
}
