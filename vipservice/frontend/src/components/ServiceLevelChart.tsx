import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { language } from "../lib/page";
import { shortDay } from "../lib/time";
import { t } from "../lib/text";
import type { Day } from "../model/types";

const HEIGHT = 240;
const HALF_A_DAY = 43_200;

/** Service level a day: a picture, and the same figures as a table for who can't see it. */
export function ServiceLevelChart({ days }: { days: readonly Day[] }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const plot = draw(element, days);
    const watch = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [days]);
  return (
    <>
      <div class="chart" ref={place} aria-hidden="true" />
      <details>
        <summary>{t("Figures as a table")}</summary>
        <table class="utrecht-table">
          <thead class="utrecht-table__header">
            <tr>
              <th scope="col" class="utrecht-table__header-cell">{t("Day")}</th>
              <th scope="col" class="utrecht-table__header-cell">{t("Counted")}</th>
              <th scope="col" class="utrecht-table__header-cell">{t("In time")}</th>
              <th scope="col" class="utrecht-table__header-cell">%</th>
            </tr>
          </thead>
          <tbody class="utrecht-table__body">
            {days.filter((day) => day.offered).map((day) => (
              <tr key={day.name} class="utrecht-table__row">
                <td class="utrecht-table__cell">{shortDay(day.name)}</td>
                <td class="utrecht-table__cell">{day.offered}</td>
                <td class="utrecht-table__cell">{day.within}</td>
                <td class="utrecht-table__cell">{day.percentWithin?.toLocaleString(language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

function draw(element: HTMLElement, days: readonly Day[]): uPlot {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--line"), width: 1 } };
  const bars = uPlot.paths.bars?.({ size: [0.7, 26] });
  return new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: true, range: (_, from, to) => [from - HALF_A_DAY, to + HALF_A_DAY] }, y: { range: [0, 100] } },
      axes: [
        { ...axis, values: (_, ticks) => ticks.map(dayLabel) },
        { ...axis, values: (_, ticks) => ticks.map((tick) => `${tick}%`) },
      ],
      series: [
        {},
        { fill: colour("--primary"), stroke: colour("--primary"), ...(bars && { paths: bars }), points: { show: false } },
      ],
    },
    [days.map((day) => Date.parse(day.name) / 1000), days.map((day) => day.percentWithin)],
    element,
  );
}

function dayLabel(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${date.getUTCDate()}-${date.getUTCMonth() + 1}`;
}
