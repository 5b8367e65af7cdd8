import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../components/Button";
import { t } from "../lib/text";
import { LIMITS } from "../model/limits";
import type { Chat, Load } from "../model/types";
import { useWorkbench } from "../stores/workbench";

/** To a team, in front of its queue, or to one colleague. */
export function HandOver({ chat, onDone }: { chat: Chat; onDone: () => void }): JSX.Element {
  const workbench = useWorkbench();
  const { start } = workbench;
  const target = useSignal(`team:${start.teams[0]?.id ?? ""}`);
  const reason = useSignal("");
  const hand = async () => {
    const [kind, id] = target.peek().split(":");
    const to = kind === "team" ? { teamId: id } : { specialistId: id };
    if (await workbench.move(chat.id, "hand_over", { ...to, reason: reason.peek() })) onDone();
  };
  return (
    <form
      class="hand-over"
      onSubmit={(event) => {
        event.preventDefault();
        void hand();
      }}
    >
      <div class="utrecht-form-field">
        <label class="utrecht-form-label" for="hand-over-to">
          {t("To whom?")}
        </label>
        <select
          id="hand-over-to"
          class="utrecht-select"
          value={target.value}
          onChange={(event) => (target.value = event.currentTarget.value)}
        >
          <optgroup label={t("Team, back into the queue")}>
            {start.teams.map((team) => (
              <option key={team.id} value={`team:${team.id}`}>
                {team.name}
              </option>
            ))}
          </optgroup>
          <optgroup label={t("Colleague")}>
            {start.specialists.map((load) => (
              <option key={load.id} value={`specialist:${load.id}`}>
                {colleague(load)}
              </option>
            ))}
          </optgroup>
        </select>
      </div>
      <div class="utrecht-form-field">
        <label class="utrecht-form-label" for="hand-over-reason">
          {t("Why? (the municipality reads this)")}
        </label>
        <input
          id="hand-over-reason"
          class="utrecht-textbox"
          maxLength={LIMITS.reason}
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
      </div>
      <div class="buttons">
        <Button looks="primary-action" type="submit">
          {t("Hand over")}
        </Button>
        <Button looks="subtle" onClick={onDone}>
          {t("Cancel")}
        </Button>
      </div>
    </form>
  );
}

function colleague(load: Load): string {
  const status = { available: t("available"), away: t("away"), offline: t("offline") }[load.status];
  return `${load.name} (${status}, ${load.active}/${load.maxChats})`;
}
