import type { JSX } from "preact";
import { Button } from "../components/Button";
import { shortMoment } from "../lib/time";
import { t, tn } from "../lib/text";
import type { Callback } from "../model/types";
import { useWorkbench } from "../stores/workbench";

/** Who was promised a call, the first due first. */
export function Callbacks(): JSX.Element | null {
  const { callbacks } = useWorkbench();
  if (!callbacks.value.length) return null;
  return (
    <section aria-labelledby="callbacks-heading">
      <h2 id="callbacks-heading" class="panel-heading">
        {t("To call back")}
        <span class="panel-heading__count">{callbacks.value.length}</span>
      </h2>
      <ul class="cards">
        {callbacks.value.map((callback) => (
          <CallbackCard key={callback.id} callback={callback} />
        ))}
      </ul>
    </section>
  );
}

function CallbackCard({ callback }: { callback: Callback }): JSX.Element {
  const workbench = useWorkbench();
  const { asking, site } = workbench;
  const call = (reached: boolean) =>
    void asking.run(() => site.api.postOnce(`/callbacks/${callback.id}/attempts`, { reached }, callback.attempts));
  const time = shortMoment(callback.dueAt);
  return (
    <li class="card-row card-row--waiting">
      <button type="button" class="card-row__button" onClick={() => void workbench.showById(callback.chatId)}>
        <span class="card-row__top">
          <strong>{callback.municipality}</strong>
          <span class={`remaining remaining--${callback.breachedAt ? "late" : "calm"}`}>
            {callback.breachedAt ? t("too late since {time}", { time }) : t("before {time}", { time })}
          </span>
        </span>
        <span class="card-row__title">{callback.title}</span>
        <span class="card-row__foot">
          <span>{callback.requester}</span>
          {callback.window && <span>{callback.window}</span>}
          {callback.attempts > 0 && <span>{tn("{n} attempt", "{n} attempts", callback.attempts)}</span>}
        </span>
      </button>
      <p>
        <a class="utrecht-link" href={`tel:${callback.phone.replace(/[^+\d]/g, "")}`}>
          {callback.phone}
        </a>
      </p>
      <div class="buttons">
        <Button looks="primary-action" onClick={() => call(true)}>{t("Spoken")}</Button>
        <Button onClick={() => call(false)}>{t("No answer")}</Button>
      </div>
    </li>
  );
}
