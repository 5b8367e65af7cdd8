// A new question, or a technical problem by the official route.

import { signal } from "@preact/signals";
import { AvailabilityCard } from "../components/AvailabilityCard";
import { Button } from "../components/Button";
import { ConnectionNotice, Problem } from "../components/Notice";
import { post, Refused } from "../lib/api";
import { type Draft, draft } from "../lib/drafts";
import { mount } from "../lib/mount";
import { state } from "../lib/page";
import { t } from "../lib/text";
import { socket } from "../live/socket";
import { isDefinite } from "../model/keys";
import { LIMITS } from "../model/limits";
import type { Chat, Desk, Me, Named } from "../model/types";

const start = state<{ me: Me; topics: Named[]; availability: Desk }>();
const desk = signal(start.availability);
const topicId = draft("new:topic");
const body = draft("new:body");
const clientId = draft("new:client-id");
const kind = signal<"question" | "problem">("question");
const problem = signal("");
const wrong = signal<Record<string, string>>({});
const busy = signal(false);

if (!start.topics.some((topic) => topic.id === topicId.text.peek())) topicId.type("");
socket.on("availability", (fresh: Desk) => (desk.value = fresh));

const availability = () =>
  desk.value.topics.find(({ topic }) => topic.id === topicId.text.value) ?? desk.value;

/** Another question is no longer the one that may have arrived. */
function change(field: Draft, value: string): void {
  field.type(value);
  clientId.type("");
}

function missing(): Record<string, string> {
  const found: Record<string, string> = {};
  if (!topicId.text.peek()) found.topicId = t("Choose what your question is about.");
  if (!body.text.peek().trim()) found.body = t("Write down your question.");
  return found;
}

async function submit(): Promise<void> {
  wrong.value = missing();
  const first = Object.keys(wrong.peek())[0];
  if (first) {
    document.getElementById(first)?.focus();
    return;
  }
  busy.value = true;
  if (!clientId.text.peek()) clientId.type(crypto.randomUUID());
  const asked = body.text.peek();
  try {
    const chat = await post<Chat>("/chats", {
      topicId: topicId.text.peek(),
      body: asked.trimEnd(),
      clientId: clientId.text.peek(),
      kind: kind.peek(),
    });
    const official = kind.peek() === "problem";
    body.clear(asked);
    for (const one of [topicId, clientId]) one.type("");
    location.assign(`/chats/${chat.number}${official ? "/incident" : ""}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    problem.value = error.message;
    if (isDefinite(error.problem)) clientId.type("");
    busy.value = false;
  }
}

function Page() {
  return (
    <div class="narrow stack">
      <ConnectionNotice />
      <AvailabilityCard desk={availability()} />
      <form
        class="card stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy.peek()) void submit();
        }}
      >
        <Problem text={problem.value} />
        <div class="utrecht-form-field">
          <label class="utrecht-form-label" for="topicId">
            {t("What is it about?")}
          </label>
          <select
            id="topicId"
            class="utrecht-select"
            value={topicId.text.value}
            aria-describedby="topicId-problem"
            aria-invalid={wrong.value.topicId ? true : undefined}
            onChange={(event) => change(topicId, event.currentTarget.value)}
          >
            <option value="">{t("Choose a topic")}</option>
            {start.topics.map((topic) => (
              <option key={topic.id} value={topic.id}>
                {topic.name}
              </option>
            ))}
          </select>
          <p id="topicId-problem" class="field-problem" role={wrong.value.topicId ? "alert" : undefined}>
            {wrong.value.topicId}
          </p>
        </div>
        <fieldset class="kinds">
          <legend class="utrecht-form-label">{t("What do you want?")}</legend>
          <Kind
            value="question"
            title={t("Ask a question")}
            more={t("How does something work, where do I find it? A specialist answers in the chat.")}
          />
          <Kind
            value="problem"
            title={t("Report a technical problem")}
            more={t("Something does not work or gives an error. You go straight to an incident form that is filled in for you.")}
          />
        </fieldset>
        <div class="utrecht-form-field">
          <label class="utrecht-form-label" for="body">
            {kind.value === "problem" ? t("What goes wrong?") : t("Your question")}
          </label>
          <textarea
            id="body"
            class="utrecht-textarea"
            rows={7}
            maxLength={LIMITS.message}
            value={body.text.value}
            aria-describedby="body-help body-problem"
            aria-invalid={wrong.value.body ? true : undefined}
            onInput={(event) => change(body, event.currentTarget.value)}
          />
          <p id="body-help" class="hint">
            {t("Literal error messages and version numbers help. Do not write down citizen service numbers (BSN).")}
          </p>
          <p id="body-problem" class="field-problem" role={wrong.value.body ? "alert" : undefined}>
            {wrong.value.body}
          </p>
        </div>
        <div class="buttons">
          <Button looks="primary-action" type="submit" busy={busy.value}>
            {kind.value === "problem" ? t("On to the incident form") : t("Send question")}
          </Button>
          <a class="utrecht-button utrecht-button--subtle" href="/chats">
            {t("Cancel")}
          </a>
        </div>
      </form>
    </div>
  );
}

function Kind({ value, title, more }: { value: "question" | "problem"; title: string; more: string }) {
  return (
    <label class="kind">
      <input
        type="radio"
        name="kind"
        value={value}
        checked={kind.value === value}
        onChange={() => {
          kind.value = value;
          clientId.type("");
        }}
      />
      <span>
        <strong>{title}</strong>
        <span class="hint">{more}</span>
      </span>
    </label>
  );
}

mount(<Page />);
