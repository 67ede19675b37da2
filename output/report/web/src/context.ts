// What every section works with.

import type { Data, Maybe, Probability } from "./data";
import { inputLabel, metricLabel } from "./labels";
import { labelsWithLast } from "./shapes";
import { type Language, Numbers } from "./numbers";
import { dictionaries, type Words } from "./words";

export interface Context {
  data: Data;
  w: Words;
  n: Numbers;
  language: Language;
  weeks: boolean;
  /** Names of the periods, by their start. */
  periods: string[];
  /** The same within an English sentence, after "in". */
  when: string[];
  /** Months at each period's end. */
  ends: string[];
  /** "36 months". */
  horizon: string;
  metric: (name: string) => string;
  input: (path: string) => string;
}

export function contextOf(data: Data, language: Language): Context {
  const n = new Numbers(language, data.grid.currency);
  const w = dictionaries[language];
  const weeks = data.grid.months_per_period < 1;
  const ends = data.grid.starts.map((_, at) => {
    const months = (at + 1) * data.grid.months_per_period;
    return n.fixed(months, weeks ? 1 : 0);
  });
  const periods = data.grid.starts.map((start) => n.date(start, weeks));
  return {
    data,
    w,
    n,
    language,
    weeks,
    periods,
    when: weeks && language === "en" ? periods.map((period) => `the week of ${period}`) : periods,
    ends,
    horizon: w.periods(data.grid.periods, weeks),
    metric: (name) => metricLabel(name, language),
    input: (path) => inputLabel(path, language),
  };
}

/** The labels of an axis of the periods' ends and one place more, about `most` of them: at whole months. */
export function endLabels({ data, weeks, ends }: Context, most: number) {
  const shared = { hideOverlap: false, showMaxLabel: true };
  if (!weeks) return { ...shared, interval: labelsWithLast(ends.length + 1, most) };
  const months = data.grid.months_per_period;
  const step = Math.max(1, Math.ceil((ends.length * months) / most));
  const whole = (at: number) => Math.floor((at + 1) * months + 1e-9);
  const room = ends.length - (0.7 * step) / months;
  return {
    ...shared,
    interval: (at: number) => at === ends.length || (whole(at) > whole(at - 1) && whole(at) % step === 0 && at < room),
    formatter: (text: string, at: number) => (at < ends.length ? String(whole(at)) : text),
  };
}

/** Position of the least value; 0 of an empty list. */
export const lowestAt = (values: number[]): number =>
  values.reduce((best, value, at) => (value < values[best]! ? at : best), 0);
export const highestAt = (values: number[]): number =>
  values.reduce((best, value, at) => (value > values[best]! ? at : best), 0);

/** A share of trials of which value and error are known. Of its Wilson interval the ends matter where it happened in no
 * trial or in all of them. */
export function shareOf(share: { value: Maybe; mcse: Maybe; trials: number }): Probability {
  const probability = share.value ?? 0;
  const edge = 1.96 ** 2 / (share.trials + 1.96 ** 2);
  return { probability, mcse: share.mcse ?? 0, low: probability === 1 ? 1 - edge : 0, high: probability === 0 ? edge : 1 };
}
