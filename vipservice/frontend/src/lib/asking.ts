// Something is asked of the server: busy meanwhile, and a refusal becomes a sentence.

import { computed, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Problem } from "../model/types";
import { Refused } from "./api";

export class Asking {
  readonly busy = signal(false);
  /** Why the last step was refused; null when it was not. */
  readonly refusal = signal<Problem | null>(null);
  readonly problem = computed(() => this.refusal.value?.detail ?? "");
  /** What is wrong with each field. */
  readonly wrong = computed<Readonly<Record<string, string>>>(() =>
    Object.fromEntries((this.refusal.value?.errors ?? []).map(({ field, detail }) => [field, detail])),
  );

  /** What the step gives; null when it is refused. */
  async run<Result>(step: () => Promise<Result>): Promise<Result | null> {
    this.busy.value = true;
    this.refusal.value = null;
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refusal.value = error.problem;
      return null;
    } finally {
      this.busy.value = false;
    }
  }
}

export const useAsking = (): Asking => useMemo(() => new Asking(), []);
