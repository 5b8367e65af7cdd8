import { defineConfig } from "vitest/config";

const pages = ["site", "chats", "new-chat", "chat", "problem", "workbench", "dashboard", "wallboard"];

export default defineConfig({
  base: "/static/",
  build: {
    outDir: "../web/static",
    emptyOutDir: true,
    manifest: true,
    modulePreload: { polyfill: false },
    rollupOptions: { input: pages.map((name) => `src/pages/${name}.tsx`) },
  },
  // Tests read the texts and the golden files that they share with the server's.
  server: { fs: { allow: ["../.."] } },
  test: { environment: "happy-dom", isolate: false },
});
