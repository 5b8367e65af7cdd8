// Sizes of files for people.

import { language } from "./page";
import { t } from "./text";

const MEGABYTE = 1024 * 1024;
const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

export function sizeWords(bytes: number): string {
  return bytes < MEGABYTE
    ? t("{n} kB", { n: Math.ceil(bytes / 1024) })
    : t("{n} MB", { n: decimal.format(bytes / MEGABYTE) });
}
