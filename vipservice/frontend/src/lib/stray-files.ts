/** A file that is dropped beside a composer must not take the place of the page. */
export function keepThePage(): void {
  for (const kind of ["dragover", "drop"] as const) {
    addEventListener(kind, (event) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
  }
}
