// Beside each built script, style and drawing: the same for browsers that take it compressed.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = new URL("../web/static/assets/", import.meta.url);
const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

for (const name of readdirSync(folder).filter((name) => /\.(js|css|svg)$/.test(name))) {
  const file = new URL(name, folder);
  const content = readFileSync(file);
  writeFileSync(new URL(`${name}.br`, folder), brotliCompressSync(content, best));
  writeFileSync(new URL(`${name}.gz`, folder), gzipSync(content, { level: 9 }));
}
