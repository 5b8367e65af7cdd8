// Files that are dropped on a part of the page.

import { useSignal } from "@preact/signals";

interface Dropping {
  over: boolean;
  onDragOver: (event: DragEvent) => void;
  onDragLeave: (event: DragEvent) => void;
  onDrop: (event: DragEvent) => void;
}

/** What a part needs to take files; text that is dragged stays the browser's. */
export function useDropping(onFiles: (files: File[]) => void): Dropping {
  const over = useSignal(false);
  const withFiles = (handle: (event: DragEvent) => void) => (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    handle(event);
  };
  return {
    over: over.value,
    onDragOver: withFiles(() => (over.value = true)),
    onDragLeave: ({ currentTarget, relatedTarget }) => {
      const inside = currentTarget instanceof Node && relatedTarget instanceof Node;
      if (!inside || !currentTarget.contains(relatedTarget)) over.value = false;
    },
    onDrop: withFiles((event) => {
      over.value = false;
      onFiles([...(event.dataTransfer?.files ?? [])]);
    }),
  };
}
