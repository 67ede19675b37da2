// Bundles the report's script and style and writes them as a C++ source: node build.mjs MODULES OUTPUT.cpp
// MODULES is the folder in which `npm ci` was run; nothing is written to the source tree.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, output] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(join(modules, "package.json"))("esbuild");

const options = {
  bundle: true,
  minify: true,
  write: false,
  charset: "ascii",
  target: ["chrome100", "firefox108", "safari15.4"],
  absWorkingDir: here,
  nodePaths: [join(modules, "node_modules")],
  logLevel: "warning",
  metafile: true,
};

// Packages of which something is in the bundle, with the texts that their licences ask to keep.
function notices(metafile) {
  const inputs = Object.keys(metafile.inputs);
  const names = new Set(inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]).filter(Boolean));
  const text = (name, file) => {
    try {
      return readFileSync(join(modules, "node_modules", name, file), "utf8").trim();
    } catch {
      return "";
    }
  };
  return [...names].sort().map((name) => {
    const { version, license } = JSON.parse(text(name, "package.json"));
    const words = ["NOTICE", "LICENSE", "LICENSE.txt"].map((file) => text(name, file)).filter(Boolean);
    if (words.length === 0) throw new Error(`${name} comes without the text of its licence`);
    return `${name} ${version} (${license})\n\n${words.join("\n\n")}`;
  });
}

const script = await esbuild.build({ ...options, entryPoints: ["src/main.ts"], format: "iife", legalComments: "eof" });
const style = await esbuild.build({ ...options, entryPoints: ["src/style.css"] });
const banner = `/*!\nThis script contains:\n\n${notices(script.metafile).join("\n\n---\n\n")}\n*/\n`.replace(/\*\/(?!\n$)/g, "* /");
// Licences are free text: nothing in them may end the element that holds the script, and a browser takes the hash of
// what it reads, which has no carriage returns.
const texts = {
  script: banner.replace(/<(?=[/!])/g, "< ").replace(/\r\n?/g, "\n") + script.outputFiles[0].text.trim(),
  style: style.outputFiles[0].text.trim(),
};
for (const [name, text] of Object.entries(texts)) {
  if (/<\/(script|style)|<!--|\r/i.test(text)) throw new Error(`the ${name} would end its element in the page`);
}

const source = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
// Compilers need not take literals of more than 65,536 bytes: the text is an array of pieces, put together once.
function pieces(text) {
  const bytes = Buffer.from(text, "utf8");
  const lines = [];
  for (let at = 0; at < bytes.length; at += 8000) {
    let line = "";
    for (const byte of bytes.subarray(at, at + 8000)) {
      const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
      line += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
    }
    lines.push(`    "${line}",`);
  }
  return lines.join("\n");
}

const parts = Object.entries(texts).map(([name, text]) => `
constexpr const char* k_${name}[] = {
${pieces(text)}
};

std::string_view ${name}() {
  static const std::string text = joined(k_${name});
  return text;
}

std::string_view ${name}_source() { return "${source(text)}"; }
`);
writeFileSync(output, `// Made by output/report/web/build.mjs.
#include "output/report/assets.hpp"

#include <string>

namespace channelcast::output::assets {

namespace {

template <class Pieces>
std::string joined(const Pieces& pieces) {
  std::string text;
  for (const char* piece : pieces) text += piece;
  return text;
}

}  // namespace
${parts.join("")}
}  // namespace channelcast::output::assets
`);
