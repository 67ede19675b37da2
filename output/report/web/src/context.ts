// What every section works with.

import type { Data } from "./data";
import { inputLabel, metricLabel } from "./labels";
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
  return {
    data,
    w,
    n,
    language,
    weeks,
    periods: data.grid.starts.map((start) => n.date(start, weeks)),
    ends,
    horizon: w.periods(data.grid.periods, weeks),
    metric: (name) => metricLabel(name, language),
    input: (path) => inputLabel(path, language),
  };
}

/** Position of the least value; 0 of an empty list. */
export const lowestAt = (values: number[]): number =>
  values.reduce((best, value, at) => (value < values[best]! ? at : best), 0);
export const highestAt = (values: number[]): number =>
  values.reduce((best, value, at) => (value > values[best]! ? at : best), 0);
