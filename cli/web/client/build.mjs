// Builds the page into ../static: `npm ci --ignore-scripts && npm run build`. The same sources and lock file give the
// same files, which a test holds against those that are shipped.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "static");
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const made = await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.ts", app_style: "src/app.css", plain: "src/plain.css" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox111", "safari16.4"],
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  entryNames: "[name]",
  define: { "process.env.NODE_ENV": '"production"' },
});
for (const name of ["index.html", "icon.svg"]) await copyFile(join(here, "src", name), join(out, name));

// the licence of every package of which something is in the bundle
const packages = new Set();
for (const input of Object.keys(made.metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) packages.add(found[1]);
}
const parts = [];
for (const name of [...packages].sort()) {
  const folder = join(here, "node_modules", name);
  const told = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file`);
  const text = (await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim();
  parts.push(`${name} ${told.version} (${told.license})\n\n${text}\n`);
}
const line = `\n${"-".repeat(80)}\n\n`;
const head = "What app.js holds of others, and under which licences.\n";
await writeFile(join(out, "THIRD-PARTY-LICENSES.txt"), [head, ...parts].join(line));
