// Builds static/build/ from static/src/ and node_modules: `npm ci --ignore-scripts && npm run build`.
//
//   govuk.css   GOV.UK Frontend, the components we use, in our colours
//   portal.css  our own layer
//   print.css   the sheet of every PDF, with fonts/ beside it
//   portal.js   one module: our few lines and GOV.UK's error summary
//   passkeys.js one module for the pages that ask for a passkey
//   htmx.min.js enhancement of pages that reload a part of themselves
//
// No bundler: what we ship from others is one file each.

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "build");
const modules = join(here, "..", "node_modules");

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, "fonts"), { recursive: true });

for (const sheet of ["govuk", "portal", "print"]) {
  const { css } = sass.compile(join(source, `${sheet}.scss`), {
    loadPaths: [modules],
    quietDeps: true,
    style: "compressed",
  });
  writeFileSync(join(target, `${sheet}.css`), `${css}\n`);
}

// GOV.UK's bundle of one component, without its export line, comments and source map, then ours.
const errorSummary = readFileSync(
  join(modules, "govuk-frontend/dist/govuk/components/error-summary/error-summary.bundle.mjs"),
  "utf8",
)
  .replace(/^export .*$/gm, "")
  .replace(/^\/\/# sourceMappingURL=.*$/gm, "")
  .replace(/\/\*\*[\s\S]*?\*\//g, "")
  .replace(/^\s+/gm, "");
const own = readdirSync(join(source, "js"))
  .sort()
  .map((name) => readFileSync(join(source, "js", name), "utf8"));
writeFileSync(join(target, "portal.js"), [errorSummary, ...own].join("\n"));

cpSync(join(source, "passkeys.js"), join(target, "passkeys.js"));

const htmx = readFileSync(join(modules, "htmx.org/dist/htmx.min.js"), "utf8");
writeFileSync(join(target, "htmx.min.js"), htmx.replace(/^\/\/# sourceMappingURL=.*$/gm, ""));

for (const weight of [400, 600, 700]) {
  const font = `source-sans-3-latin-${weight}-normal.woff2`;
  cpSync(join(modules, "@fontsource/source-sans-3/files", font), join(target, "fonts", font));
}
cpSync(join(modules, "@fontsource/source-sans-3/LICENSE"), join(target, "fonts", "LICENSE.txt"));
cpSync(join(source, "images"), target, { recursive: true });
