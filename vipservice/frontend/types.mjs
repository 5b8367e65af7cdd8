// What the pages know of the server, from its documents on standard input, one a line (HTTP, live):
// types and limits.
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const NOT_OURS = "// Made by types.mjs from the document of the API. Not to be edited.";
/** Which fields limit what one can type. */
const LIMITS = {
  message: ["NewMessage", "body"],
  reason: ["HandTo", "reason"],
  presenceReason: ["NewPresence", "reason"],
  customerReference: ["CustomerReference", "number"],
  callbackWindow: ["NewCallback", "window"],
  incidentTitle: ["EditedDraft", "title"],
  incidentPhone: ["EditedDraft", "phone"],
  incidentCategory: ["EditedDraft", "category"],
};

const [{ components, paths }, live] = readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const definitions = JSON.parse(
  JSON.stringify({ ...live.components.schemas, ...components.schemas }).replaceAll("#/components/schemas/", "#/definitions/"),
);
const types = await compile({ type: "object", definitions }, "Everything", {
  additionalProperties: false,
  bannerComment: NOT_OURS,
  format: false,
  ignoreMinAndMaxItems: true,
  unreachableDefinitions: true,
});
writeFileSync("src/model/api.ts", types);

function lengthOf(model, field) {
  const most = definitions[model]?.properties[field]?.maxLength;
  if (!most) throw new Error(`${model}.${field} has no length in the document`);
  return most;
}

const most = Object.entries(LIMITS).map(([name, where]) => [name, lengthOf(...where)]);
const search = paths["/chats"].get.parameters.find(({ name }) => name === "q").schema.maxLength;
const limits = JSON.stringify(Object.fromEntries([...most, ["search", search]]), null, 2);
writeFileSync("src/model/limits.ts", `${NOT_OURS}\n\n/** Characters at most, of each field that one can type in. */\nexport const LIMITS = ${limits} as const;\n`);
