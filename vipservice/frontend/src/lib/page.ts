// What the server put in the page.

export function state<State>(): State {
  return JSON.parse(document.getElementById("state")?.textContent ?? "{}") as State;
}

function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name=${name}]`)?.content ?? "";
}

export const csrfToken = meta("csrf-token");
/** The id of who is signed in; empty for nobody. */
export const person = meta("person");
export const language = document.documentElement.lang || "nl";

const ahead = Date.parse(meta("server-now")) - Date.now() || 0;

/** Now by the server's clock, in milliseconds: a wrong clock here must not move a deadline. */
export function serverNow(): number {
  return Date.now() + ahead;
}
