import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useAsking } from "../lib/asking";
import { t } from "../lib/text";
import { LIMITS } from "../model/limits";
import type { Chat } from "../model/types";
import { useSite } from "../stores/site";
import { Button } from "./Button";
import { ChatList } from "./ChatList";
import { Problem } from "./Notice";

const MOST = 20;

/** Finds conversations by a word of the title, or by one of their numbers. */
export function ChatSearch(): JSX.Element {
  const words = useSignal("");
  const found = useSignal<readonly Chat[] | null>(null);
  const asking = useAsking();
  const { api } = useSite();
  const search = async () => {
    const given = words.peek().trim();
    const path = `/chats?limit=${MOST}&q=${encodeURIComponent(given)}`;
    const page = await asking.run(async () => (given ? api.get<{ items: Chat[] }>(path) : { items: null }));
    if (page) found.value = page.items;
  };
  return (
    <search class="stack">
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          void search();
        }}
      >
        <label class="utrecht-form-label" for="search">
          {t("Search by word, question number, incident number or own number")}
        </label>
        <div class="buttons">
          <input
            id="search"
            type="search"
            class="utrecht-textbox search__words"
            maxLength={LIMITS.search}
            value={words.value}
            onInput={(event) => (words.value = event.currentTarget.value)}
          />
          <Button type="submit">{t("Search")}</Button>
        </div>
      </form>
      <Problem text={asking.problem.value} />
      <div role="status">
        {found.value && <ChatList chats={found.value} empty={t("Nothing was found.")} />}
      </div>
    </search>
  );
}
