// Beside each built script, style and drawing: the same for browsers that take it compressed.

import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = new URL("../web/static/assets/", import.meta.url);
const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

// Half a file, kept by browsers for a year, would be worse than none.
function write(name, content) {
  const part = new URL(`${name}.part`, folder);
  writeFileSync(part, content);
  renameSync(part, new URL(name, folder));
}

for (const name of readdirSync(folder).filter((name) => /\.(js|css|svg)$/.test(name))) {
  const content = readFileSync(new URL(name, folder));
  write(`${name}.br`, brotliCompressSync(content, best));
  write(`${name}.gz`, gzipSync(content, { level: 9 }));
}
