// Read a network as Cytoscape.js does, and tell what it found: node network.js FILE
const cytoscape = require("cytoscape");
const { readFileSync } = require("node:fs");

const cy = cytoscape({ headless: true, ...JSON.parse(readFileSync(process.argv[2], "utf-8")) });
const told = {
  nodes: cy.nodes().map((node) => node.id()),
  edges: cy.edges().map((edge) => [edge.source().id(), edge.target().id()]),
  listed_citations: cy.nodes().map((node) => node.data("listed_citations")),
};
console.log(JSON.stringify(told));
