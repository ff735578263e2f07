/** Builds the SDK and what the console needs from npm; fails when the SDK outgrows its limit. */

import { build, transform } from "esbuild";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { minify } from "terser";
import { countriesOf } from "./charts/world.mjs";

const LIMIT_BYTES = 8 * 1024;
/** Tracker, banner and preference centre together. */
const WHOLE_LIMIT_BYTES = 10 * 1024;
/** Names that never leave the script, so that they may be shortened. */
const INSIDE =
  /^(told|begin|held|fresh|unsure|assume|seal|adopt|nextPage|forget|identity|beacon|random|obey|handOver|retryAfterSeconds|centre|reopen|rest|decide|storage|post|flush|clear|ask|standing|state|further)$/;
/** What `privet.js` hands to the file of the choices: short too, and in both files the same. */
const KIT = Object.fromEntries(
  ["make", "named", "frame", "answer", "bitsOf", "both", "enter", "leave"].map((name, i) => [name, "abcdefgh"[i]]),
);
const HANDED = new RegExp(`^(${Object.keys(KIT).join("|")})$`);
const BUILT = "../src/privet/web/static/built";
const INTER = "node_modules/@fontsource-variable/inter/files";
process.chdir(fileURLToPath(new URL(".", import.meta.url)));

const shortened = (css) => css.replace(/([:,]) +/g, "$1").trim();

const cssText = {
  name: "css-text",
  setup: (building) =>
    building.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path), { loader: "css", minify: true });
      return { contents: shortened(code), loader: "text" };
    }),
};

/** A file of the SDK, as small as it can be made; returns its bytes after gzip -9. */
const buildSmall = async (name, source, options) => {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    minify: true,
    target: ["es2022"],
    charset: "utf8",
    legalComments: "none",
    write: false,
    plugins: [cssText],
    // The words "use strict" would be all that this adds: the types have been checked before.
    tsconfigRaw: {},
    ...options,
  });
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2020,
    module: options.format === "esm",
    compress: { passes: 2, hoist_props: true, hoist_vars: true, unsafe_arrows: true, keep_fargs: false, pure_getters: true, unsafe: true },
  });
  await mkdir("dist", { recursive: true });
  await writeFile(`dist/${name}`, code);
  return gzipSync(code, { level: 9 }).length;
};

const buildSdk = async () => {
  const [first, second] = await Promise.all([
    buildSmall("privet.js", "src/main.ts", {
      format: "iife",
      mangleProps: new RegExp(`${INSIDE.source}|${HANDED.source}`),
      mangleCache: KIT,
    }),
    buildSmall("preferences.js", "src/preferences.ts", { format: "esm", mangleProps: HANDED, mangleCache: KIT }),
  ]);
  console.log(`dist/privet.js: ${first} bytes after gzip -9, of ${LIMIT_BYTES}`);
  console.log(`with dist/preferences.js (${second}): ${first + second}, of ${WHOLE_LIMIT_BYTES}`);
  if (first > LIMIT_BYTES) throw new Error("dist/privet.js is larger than its limit");
  if (first + second > WHOLE_LIMIT_BYTES)
    throw new Error("dist/privet.js and dist/preferences.js together are larger than their limit");
};

/** What `privet.js` loads where a page asks for a form of an experiment. */
const buildExperiments = () =>
  build({
    entryPoints: ["src/experiments.ts"],
    outfile: "dist/experiments.js",
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022"],
    charset: "utf8",
    logLevel: "warning",
    tsconfigRaw: {},
  });

/** The words of the guard's stand-ins: a language is a file. */
const readWords = async () => {
  const names = (await readdir("guard/words")).sort();
  const texts = await Promise.all(names.map((name) => readFile(`guard/words/${name}`, "utf8")));
  return JSON.stringify(Object.fromEntries(names.map((name, i) => [name.slice(0, -5), JSON.parse(texts[i])])));
};

/** A script of its own, before which the server puts what is registered. */
const buildGuard = async () => {
  await build({
    entryPoints: ["guard/main.ts"],
    outfile: "dist/guard.js",
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    plugins: [cssText],
    define: { WORDS: await readWords() },
    tsconfigRaw: {},
  });
  const bytes = gzipSync(await readFile("dist/guard.js"), { level: 9 }).length;
  console.log(`dist/guard.js: ${bytes} bytes after gzip -9`);
};

const buildCharts = () =>
  build({
    entryPoints: ["charts/charts.ts"],
    outfile: `${BUILT}/charts.js`,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2020"],
    charset: "utf8",
    legalComments: "eof",
    logLevel: "warning",
  });

/** The countries for the console's map, to a hundredth of a degree. */
const buildWorld = async () => {
  const atlas = JSON.parse(await readFile("node_modules/world-atlas/countries-110m.json", "utf8"));
  const rounded = (_, value) =>
    typeof value === "number" ? Math.round(value * 100) / 100 : value;
  await writeFile(`${BUILT}/world.json`, JSON.stringify(countriesOf(atlas), rounded));
};

const copyFonts = () =>
  Promise.all(
    ["latin", "latin-ext"].map((set) =>
      copyFile(`${INTER}/inter-${set}-wght-normal.woff2`, `${BUILT}/inter-${set}.woff2`),
    ),
  );

await mkdir(BUILT, { recursive: true });
await Promise.all([buildSdk(), buildExperiments(), buildGuard(), buildCharts(), buildWorld(), copyFonts()]);
