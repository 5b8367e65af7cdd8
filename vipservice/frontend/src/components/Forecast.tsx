import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useAsking } from "../lib/asking";
import { shortMoment } from "../lib/time";
import { t } from "../lib/text";
import { forecastWords, isPressing } from "../model/forecasting";
import type { Forecast } from "../model/types";
import { useSite } from "../stores/site";
import { Button } from "./Button";

/** The forecast with what can be done about it. */
export function ForecastPanel({ forecast, target }: { forecast: Forecast; target: number }): JSX.Element {
  const done = useSignal("");
  const asking = useAsking();
  const { api, now } = useSite();
  const act = async (remedy: () => Promise<unknown>, words: string) => {
    done.value = "";
    if (await asking.run(remedy)) done.value = words;
  };
  const risky = forecast.chances.filter(({ chance }) => chance < 0.5);
  return (
    <section class={`card forecast ${isPressing(forecast) ? "forecast--late" : ""}`} aria-labelledby="forecast-heading">
      <h2 id="forecast-heading" class="utrecht-heading-2">
        {t("Forecast")}
      </h2>
      <p class="forecast__sentence" role="status">
        {isPressing(forecast) && <span aria-hidden="true">▲ </span>}
        {forecastWords(forecast, target, now.value, shortMoment)}
      </p>
      {isPressing(forecast) && (
        <ul class="remedies">
          {forecast.colleagues.map((person) => (
            <li key={person.id}>
              <Button
                onClick={() =>
                  void act(() => api.post(`/specialists/${person.id}/calls`), t("{name} has been asked.", person as never))
                }
              >
                {t("Ask {name} to come online", { name: person.name })}
              </Button>
            </li>
          ))}
          {forecast.idle.map((chat) => (
            <li key={chat.chatId}>
              <Button onClick={() => void act(() => api.move(chat.chatId, "park"), t("A slot is free."))}>
                {t("Park {number} of {name}: silent for {n} minutes", {
                  number: chat.number,
                  name: chat.specialist,
                  n: chat.minutes,
                })}
              </Button>
            </li>
          ))}
          {risky.slice(0, 5).map(({ chatId, number, chance }) => (
            <li key={chatId}>
              <Button onClick={() => void act(() => api.post(`/chats/${chatId}/callback-offers`), t("The callback was offered."))}>
                {t("Offer {number} a callback (chance {percent}%)", { number, percent: Math.round(100 * chance) })}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p role="status" class="hint">
        {asking.problem.value || done.value}
      </p>
      <details>
        <summary>{t("How this is computed")}</summary>
        <p>
          {t(
            "The queue is played 200 times: each taken slot comes free after a time drawn from the last 100 conversations, given how long this one has lasted; a free specialist takes the first question of their team about a minute later. The chance is the share of plays in which a question was picked up in time.",
          )}
        </p>
        {forecast.chances.length > 0 && (
          <table class="utrecht-table">
            <thead class="utrecht-table__header">
              <tr>
                <th scope="col" class="utrecht-table__header-cell">{t("Question")}</th>
                <th scope="col" class="utrecht-table__header-cell">{t("Chance of being in time")}</th>
              </tr>
            </thead>
            <tbody class="utrecht-table__body">
              {forecast.chances.slice(0, 30).map(({ chatId, number, chance }) => (
                <tr key={chatId} class="utrecht-table__row">
                  <td class="utrecht-table__cell">
                    <a class="utrecht-link" href={`/chats/${number}`}>{number}</a>
                  </td>
                  <td class="utrecht-table__cell">{Math.round(100 * chance)}%</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </details>
    </section>
  );
}
