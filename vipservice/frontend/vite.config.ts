import { defineConfig } from "vite";

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
});
