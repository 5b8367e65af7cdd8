// The specialist's page: queue, conversation, details.

import type { ComponentChildren } from "preact";
import { ConnectionNotice, Problem } from "../components/Notice";
import { UndeliveredNotice } from "../components/UndeliveredNotice";
import { state } from "../lib/page";
import { t } from "../lib/text";
import { Alarm } from "../stores/alarm";
import { useSite } from "../stores/site";
import { type Panel, useWorkbench, Workbench, WorkbenchProvider, type WorkbenchState } from "../stores/workbench";
import { ConversationPanel } from "../workbench/ConversationPanel";
import { DetailsPanel } from "../workbench/DetailsPanel";
import { QueuePanel } from "../workbench/QueuePanel";
import { open } from "./open";

function Page({ alarm }: { alarm: Alarm }) {
  const { own, waiting, asking, undelivered } = useWorkbench();
  const { returned } = useSite().composing;
  const unread = own.value.reduce((sum, chat) => sum + chat.unread, 0);
  return (
    <div class="workbench">
      <nav class="workbench__tabs" aria-label={t("Panels")}>
        <Tab name="queue">
          {t("Queue")} ({waiting.value.length})
        </Tab>
        <Tab name="conversation">
          {t("Conversation")} {unread > 0 && `(${unread})`}
        </Tab>
        <Tab name="details">{t("Details")}</Tab>
      </nav>
      <div class="workbench__notices">
        <ConnectionNotice />
        <UndeliveredNotice alarm={undelivered.value} />
        <Problem text={asking.problem.value} />
        <Problem text={returned.value} />
      </div>
      <Place name="queue" label={t("Queue and own conversations")}>
        <QueuePanel alarm={alarm} />
      </Place>
      <Place name="conversation" label={t("Conversation")}>
        <ConversationPanel />
      </Place>
      <Place name="details" label={t("Details")}>
        <DetailsPanel />
      </Place>
    </div>
  );
}

function Tab({ name, children }: { name: Panel; children: ComponentChildren }) {
  const { panel } = useWorkbench();
  return (
    <button
      type="button"
      class="workbench__tab"
      aria-pressed={panel.value === name}
      onClick={() => (panel.value = name)}
    >
      {children}
    </button>
  );
}

function Place({ name, label, children }: { name: Panel; label: string; children: ComponentChildren }) {
  const current = useWorkbench().panel.value === name ? "panel--current" : "";
  return (
    <section id={name} class={`panel panel--${name} ${current}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

open((site) => {
  const workbench = new Workbench(site, state<WorkbenchState>());
  const wanted = new URLSearchParams(location.search).get("chat");
  if (wanted && !workbench.open.peek()) void workbench.showById(wanted);
  return (
    <WorkbenchProvider value={workbench}>
      <Page alarm={new Alarm(workbench)} />
    </WorkbenchProvider>
  );
});
