// A new question, or a technical problem by the official route.

import { AvailabilityCard } from "../components/AvailabilityCard";
import { Button } from "../components/Button";
import { ConnectionNotice, Problem } from "../components/Notice";
import { state } from "../lib/page";
import { t } from "../lib/text";
import { LIMITS } from "../model/limits";
import { type Kind, NewChat, type NewChatState } from "../stores/new-chat";
import { open } from "./open";

async function submit(asked: NewChat): Promise<void> {
  const missing = await asked.submit();
  if (missing) document.getElementById(missing)?.focus();
}

function Page({ asked }: { asked: NewChat }) {
  const { topicId, body, asking } = asked;
  const wrong = { ...asking.wrong.value, ...asked.wrong.value };
  return (
    <div class="narrow stack">
      <ConnectionNotice />
      <AvailabilityCard desk={asked.availability.value} />
      <form
        class="card stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(asked);
        }}
      >
        <Problem text={asking.problem.value} />
        <div class="utrecht-form-field">
          <label class="utrecht-form-label" for="topicId">
            {t("What is it about?")}
          </label>
          <select
            id="topicId"
            class="utrecht-select"
            value={topicId.text.value}
            aria-describedby="topicId-problem"
            aria-invalid={wrong.topicId ? true : undefined}
            onChange={(event) => asked.change(topicId, event.currentTarget.value)}
          >
            <option value="">{t("Choose a topic")}</option>
            {asked.start.topics.map((topic) => (
              <option key={topic.id} value={topic.id}>
                {topic.name}
              </option>
            ))}
          </select>
          <p id="topicId-problem" class="field-problem" role={wrong.topicId ? "alert" : undefined}>
            {wrong.topicId}
          </p>
        </div>
        <fieldset class="kinds">
          <legend class="utrecht-form-label">{t("What do you want?")}</legend>
          <KindChoice
            asked={asked}
            value="question"
            title={t("Ask a question")}
            more={t("How does something work, where do I find it? A specialist answers in the chat.")}
          />
          <KindChoice
            asked={asked}
            value="problem"
            title={t("Report a technical problem")}
            more={t("Something does not work or gives an error. You go straight to an incident form that is filled in for you.")}
          />
        </fieldset>
        <div class="utrecht-form-field">
          <label class="utrecht-form-label" for="body">
            {asked.kind.value === "problem" ? t("What goes wrong?") : t("Your question")}
          </label>
          <textarea
            id="body"
            class="utrecht-textarea"
            rows={7}
            maxLength={LIMITS.message}
            value={body.text.value}
            aria-describedby="body-help body-problem"
            aria-invalid={wrong.body ? true : undefined}
            onInput={(event) => asked.change(body, event.currentTarget.value)}
          />
          <p id="body-help" class="hint">
            {t("Literal error messages and version numbers help. Do not write down citizen service numbers (BSN).")}
          </p>
          <p id="body-problem" class="field-problem" role={wrong.body ? "alert" : undefined}>
            {wrong.body}
          </p>
        </div>
        <div class="buttons">
          <Button looks="primary-action" type="submit" busy={asked.busy.value}>
            {asked.kind.value === "problem" ? t("On to the incident form") : t("Send question")}
          </Button>
          <a class="utrecht-button utrecht-button--subtle" href="/chats">
            {t("Cancel")}
          </a>
        </div>
      </form>
    </div>
  );
}

interface KindProps {
  asked: NewChat;
  value: Kind;
  title: string;
  more: string;
}

function KindChoice({ asked, value, title, more }: KindProps) {
  return (
    <label class="kind">
      <input
        type="radio"
        name="kind"
        value={value}
        checked={asked.kind.value === value}
        onChange={() => asked.choose(value)}
      />
      <span>
        <strong>{title}</strong>
        <span class="hint">{more}</span>
      </span>
    </label>
  );
}

open((site) => <Page asked={new NewChat(site, state<NewChatState>())} />);
