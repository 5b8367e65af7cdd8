import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useAsking } from "../lib/asking";
import { presenceWords } from "../lib/time";
import { t } from "../lib/text";
import type { Chat, Load } from "../model/types";
import { useWorkbench } from "../stores/workbench";
import { Reason, Step } from "./Steps";

/** To a team, in front of its queue, or to one colleague who is there and has room. */
export function HandOver({ chat, onDone }: { chat: Chat; onDone: () => void }): JSX.Element {
  const workbench = useWorkbench();
  const { site, start } = workbench;
  const looking = useAsking();
  const target = useSignal(`team:${start.teams[0]?.id ?? ""}`);
  const reason = useSignal("");
  const colleagues = useSignal(start.specialists);
  useEffect(() => {
    void looking.run(async () => {
      const { items } = await site.api.get<{ items: Load[] }>("/specialists");
      colleagues.value = items.filter(({ id }) => id !== start.me.id);
    });
  }, [looking, colleagues, site, start]);
  const hand = async () => {
    const [kind, id] = target.peek().split(":");
    const to = kind === "team" ? { teamId: id } : { specialistId: id };
    if (await workbench.move(chat.id, "hand_over", { ...to, reason: reason.peek() })) onDone();
  };
  return (
    <Step onSubmit={hand} onDone={onDone} name={t("Hand over")}>
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
          {chat.state !== "waiting" && (
            <optgroup label={t("Colleague")}>
              {colleagues.value.map((load) => (
                <option key={load.id} value={`specialist:${load.id}`} disabled={!isFree(load)}>
                  {colleague(load)}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </div>
      <Reason id="hand-over-reason" value={reason.value} onInput={(words) => (reason.value = words)} />
    </Step>
  );
}

const isFree = ({ status, active, maxChats }: Load) => status === "available" && active < maxChats;

function colleague(load: Load): string {
  const status = { available: t("available"), away: t("away"), offline: t("offline") }[load.status];
  const why = load.status === "away" ? presenceWords(load) : "";
  return `${load.name} (${status}${why}, ${load.active}/${load.maxChats})`;
}
