import { html } from "htm/preact";
import { ChartColumn, Download } from "lucide";
import { useState } from "preact/hooks";
import type { UsageItem } from "../../../src/protocol/admin-api/usage.ts";
import { getUsage, type UsageBy, usageCsv } from "../../api/usage.ts";
import { Button } from "../../components/button.ts";
import { Page } from "../../components/page.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { number } from "../../format.ts";
import { now } from "../../state/clock.ts";
import { useResource } from "../../state/resource.ts";
import { tenantId } from "../../state/session.ts";
import { Bars } from "./bars.ts";

const PERIODS = [7, 30, 90];
const GROUPS: Record<UsageBy, string> = { day: "Day", provider: "Provider", model: "Model" };
const DAY_MS = 24 * 60 * 60 * 1000;
const COLUMNS = ["p-main", "r p-under", "r", "r p-side"];

/** Tokens and money that answers took. */
export function UsagePage() {
  const [days, setDays] = useState(30);
  const [by, setBy] = useState<UsageBy>("day");
  const from = dayOf(now.value - (days - 1) * DAY_MS);
  const key = `usage/${tenantId.value}/${by}/${from}`;
  const { value, error, slow, reload } = useResource(key, (abort) => getUsage(by, from, abort));
  return html`<${Page}
    title="Usage"
    about="What answers took of your language models, in tokens and in your currency."
    actions=${html`<${Button} icon=${Download} href=${usageCsv(by, from)}>Download CSV<//>`}
  >
    <div class="row usage-filters">
      <div class="row" role="group" aria-label="Period">
        ${PERIODS.map((each) => html`<button class="chip" type="button" aria-pressed=${each === days} onClick=${() => setDays(each)}>${each} days</button>`)}
      </div>
      <div class="row" role="group" aria-label="Together by">
        ${Object.entries(GROUPS).map(([each, label]) => html`<button class="chip" type="button" aria-pressed=${each === by} onClick=${() => setBy(each as UsageBy)}>${label}</button>`)}
      </div>
    </div>
    ${error && !value && html`<${Failed} what="The usage could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<table class="list no-check" aria-label="Loading"><tbody><${BoneRows} columns=${COLUMNS} rows=${6} /></tbody></table>`}
    ${
      value?.items.length === 0 &&
      html`<${Empty} icon=${ChartColumn} title="Nothing was answered in these days">
        Each answer is counted here with its tokens, and with its cost where its model has prices under Language models.
      <//>`
    }
    ${value && value.items.length > 0 && html`<${Sums} items=${value.items} by=${by} from=${from} days=${days} />`}
  <//>`;
}

type SumsProps = { items: UsageItem[]; by: UsageBy; from: string; days: number };

function Sums({ items, by, from, days }: SumsProps) {
  const estimated = items.some((item) => item.estimated);
  const unpriced = items.reduce((sum, item) => sum + item.unpriced, 0);
  const shown = by === "day" ? everyDay(items, from, days) : items;
  const bars = shown.map((item) => ({
    label: nameOf(item),
    value: item.inputTokens + item.outputTokens,
    marked: item.estimated,
  }));
  const hasTokens = bars.some(({ value }) => value > 0);
  return html`${
    hasTokens
      ? html`<${Bars} label=${`Tokens by ${by}`} bars=${bars} />`
      : html`<p class="hint">These answers took no tokens: they were quoted, and no model was asked.</p>`
  }
    ${estimated && html`<p class="hint">~ Some of the tokens are estimated: a provider did not tell them, or an answer broke off.</p>`}
    ${unpriced > 0 && html`<p class="hint">${number(unpriced)} answers are of models without a price and not in the cost.</p>`}
    <table class="list no-check">
      <thead><tr><th class="main-col">${GROUPS[by]}</th><th class="r">Answers</th><th class="r">Tokens in · out</th><th class="r">Cost</th></tr></thead>
      <tbody>
        ${items.map(
          (item) => html`<tr key=${nameOf(item)}>
            <td class="p-main"><bdi>${nameOf(item)}</bdi></td>
            <td class="r num p-under">${number(item.messages)}</td>
            <td class="r num nowrap">${item.estimated && "~ "}${number(item.inputTokens)} · ${number(item.outputTokens)}</td>
            <td class="r num p-side nowrap">${item.costMicros === null ? "–" : costWords(item.costMicros)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Days without an answer are days, too. */
function everyDay(items: UsageItem[], from: string, days: number): UsageItem[] {
  const none = {
    messages: 0,
    inputTokens: 0,
    outputTokens: 0,
    costMicros: null,
    unpriced: 0,
    estimated: false,
  };
  return Array.from({ length: days }, (_, at) => {
    const day = dayOf(Date.parse(from) + at * DAY_MS);
    return items.find((item) => item.day === day) ?? { ...none, day };
  });
}

function nameOf({ day, name, provider, model }: UsageItem): string {
  if (day) return day;
  const vendor = provider === "extractive" ? "Quoted, without a model" : (provider ?? "");
  if (name) return `${name} (${vendor})`;
  return model ? `${model} (${vendor})` : vendor;
}

function costWords(micros: number): string {
  return (micros / 1_000_000).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 4 });
}
