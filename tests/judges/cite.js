// Formats CSL-JSON with citeproc-js: node cite.js STYLE.csl LOCALE.xml FORMAT < items.json
// Prints {"ids": [...], "entries": [...], "errors": [...]} in the order of the style.
"use strict";
const fs = require("fs");
const CSL = require("citeproc");

const [style, locale, format] = process.argv.slice(2);
const items = JSON.parse(fs.readFileSync(0, "utf8"));
const byId = new Map(items.map((item) => [item.id, item]));
const system = {
  retrieveLocale: () => fs.readFileSync(locale, "utf8"),
  retrieveItem: (id) => byId.get(id),
};
const engine = new CSL.Engine(system, fs.readFileSync(style, "utf8"), "en-US");
engine.setOutputFormat(format);
engine.updateItems(items.map((item) => item.id));
const [told, entries] = engine.makeBibliography();
process.stdout.write(
  JSON.stringify({ ids: told.entry_ids.map(([id]) => id), entries, errors: told.bibliography_errors })
);
