import type { ComponentChildren, JSX } from "preact";
import { t } from "../lib/text";
import { useSite } from "../stores/site";

type Kind = "info" | "ok" | "warning" | "error";

interface Props {
  kind: Kind;
  role?: "alert" | "status";
  children: ComponentChildren;
}

export function Notice({ kind, role, children }: Props): JSX.Element {
  return (
    <div class={`utrecht-alert utrecht-alert--${kind} notice`} role={role}>
      {children}
    </div>
  );
}

/** A refusal, told at once to who listens. */
export function Problem({ text }: { text: string }): JSX.Element | null {
  return text ? (
    <Notice kind="error" role="alert">
      {text}
    </Notice>
  ) : null;
}

/** Says that the live connection is gone; what is typed meanwhile is kept. */
export function ConnectionNotice(): JSX.Element {
  const { connection, goodbye } = useSite().session;
  const state = connection.value;
  return (
    <div role="status" class="connection">
      {state === "lost" && (
        <Notice kind="warning">
          {t("The connection is lost. We keep trying; what you type is kept and sent later.")}
        </Notice>
      )}
      {state === "ended" && (
        <Notice kind="warning">
          {goodbye.value} <a href="/login">{t("Sign in")}</a>
        </Notice>
      )}
    </div>
  );
}
