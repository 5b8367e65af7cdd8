import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../components/Button";
import { Notice } from "../components/Notice";
import { presenceWords, todayAt } from "../lib/time";
import { t } from "../lib/text";
import { LIMITS } from "../model/limits";
import type { Alarm } from "../stores/alarm";
import { useWorkbench } from "../stores/workbench";
import { Step } from "./Steps";

/** Am I there, and what did others do about that. */
export function PresenceBar({ alarm }: { alarm: Alarm }): JSX.Element {
  const workbench = useWorkbench();
  const { presence, away } = workbench;
  const leaving = useSignal(false);
  const there = presence.value === "available";
  return (
    <>
      <div class="presence">
        <p class="presence__state" role="status">
          <span aria-hidden="true">{there ? "●" : "○"}</span>{" "}
          {{ available: t("You are available"), away: t("You are away"), offline: t("You are offline") }[presence.value]}
          {presence.value === "away" && presenceWords(away.value)}
        </p>
        <div class="presence__buttons">
          {there ? (
            <Button looks="subtle" pressed={leaving.value} onClick={() => (leaving.value = !leaving.value)}>
              {t("Go away")}
            </Button>
          ) : (
            <Button looks="primary-action" onClick={() => void workbench.setPresence("available")}>
              {t("Make available")}
            </Button>
          )}
          <Button looks="subtle" pressed={alarm.sound.value} onClick={() => alarm.toggleSound()}>
            {alarm.sound.value ? t("Sound on") : t("Sound off")}
          </Button>
          {alarm.notifications.value === "default" && (
            <Button looks="subtle" onClick={() => void alarm.askForNotifications()}>
              {t("Allow notifications")}
            </Button>
          )}
        </div>
      </div>
      {there && leaving.value && <Leaving onDone={() => (leaving.value = false)} />}
      <Returned />
      <Taken />
      <Asked />
    </>
  );
}

/** Why, and until when: colleagues see it where they hand over. */
function Leaving({ onDone }: { onDone: () => void }): JSX.Element {
  const workbench = useWorkbench();
  const reason = useSignal("");
  const until = useSignal("");
  const leave = async () => {
    const more = { reason: reason.peek(), until: until.peek() ? todayAt(until.peek()) : null };
    if (await workbench.setPresence("away", more)) onDone();
  };
  return (
    <Step onSubmit={leave} onDone={onDone} name={t("I am away")}>
      <div class="utrecht-form-field">
        <label class="utrecht-form-label" for="away-reason">
          {t("Why? (your colleagues read this)")}
        </label>
        <input
          id="away-reason"
          class="utrecht-textbox"
          list="away-reasons"
          maxLength={LIMITS.presenceReason}
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
        <datalist id="away-reasons">
          {[t("Break"), t("Meeting"), t("Training"), t("On the phone")].map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </div>
      <div class="utrecht-form-field">
        <label class="utrecht-form-label" for="away-until">
          {t("Until what time?")}
        </label>
        <input
          id="away-until"
          type="time"
          class="utrecht-textbox"
          value={until.value}
          onInput={(event) => (until.value = event.currentTarget.value)}
        />
      </div>
    </Step>
  );
}

/** Who was away for too long is asked whether they go on. */
function Returned(): JSX.Element | null {
  const workbench = useWorkbench();
  if (workbench.presence.value !== "offline" || !workbench.present.value) return null;
  return (
    <Notice kind="warning" role="status">
      <p>{t("You are offline. A question that waited for you went back to the queue.")}</p>
      <div class="buttons">
        <Button looks="primary-action" onClick={() => void workbench.setPresence("available")}>
          {t("I am here, go on")}
        </Button>
      </div>
    </Notice>
  );
}

/** A colleague took a conversation over. */
function Taken(): JSX.Element | null {
  const { taken } = useWorkbench();
  if (!taken.value.length) return null;
  return (
    <Notice kind="info" role="status">
      {taken.value.map((one) => (
        <p key={one.number}>{t("{by} took {number} over from you: {reason}", { ...one })}</p>
      ))}
      <div class="buttons">
        <Button looks="subtle" onClick={() => (taken.value = [])}>
          {t("All right")}
        </Button>
      </div>
    </Notice>
  );
}

/** A colleague asks to come online. */
function Asked(): JSX.Element | null {
  const workbench = useWorkbench();
  const { askedBy } = workbench;
  if (!askedBy.value) return null;
  return (
    <Notice kind="warning" role="alert">
      <p>{t("{name} asks you to come online: questions are waiting.", { name: askedBy.value })}</p>
      <div class="buttons">
        <Button looks="primary-action" onClick={() => void workbench.setPresence("available")}>
          {t("Make available")}
        </Button>
        <Button looks="subtle" onClick={() => (askedBy.value = "")}>
          {t("Not now")}
        </Button>
      </div>
    </Notice>
  );
}
