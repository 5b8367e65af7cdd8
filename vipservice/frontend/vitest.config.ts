import { defineConfig } from "vitest/config";

export default defineConfig({
  // Tests read the texts and the golden files that they share with the server's.
  server: { fs: { allow: ["../.."] } },
  test: { environment: "happy-dom", isolate: false },
});
