// Values and sentences of a study in the reader's language.

import type { Maybe, Probability } from "../data";
import { inputLabel, metricLabel } from "../labels";
import { type Language, Numbers } from "../numbers";
import { dictionaries, type Words } from "../words";
import type { Sentence, StudyValue } from "./data";

export class Speaker {
  readonly w: Words;
  readonly n: Numbers;

  constructor(
    readonly language: Language,
    currency: string,
  ) {
    this.w = dictionaries[language];
    this.n = new Numbers(language, currency);
  }

  /** A value of a chart. */
  inUnit(value: Maybe, unit: string): string {
    return this.n.inUnit(value, isShare(unit) ? "share" : unit);
  }

  interval(low: Maybe, high: Maybe, unit: string): string {
    return low == null && high == null ? "–" : this.n.interval(low, high, isShare(unit) ? "share" : unit);
  }

  /** How an axis of these values writes them. */
  axis(unit: string, ...values: Maybe[][]): (value: number) => string {
    if (isShare(unit)) return (value) => this.n.percentAxis(value);
    return /^currency\b/.test(unit) ? this.n.moneyAxis(...values) : (value) => this.n.axis(value);
  }

  value(value: StudyValue): string {
    if ("text" in value) return value.text;
    if ("metric" in value) return metricLabel(value.metric, this.language);
    if ("input" in value) return inputLabel(value.input, this.language);
    if ("probability" in value) return isProbability(value) ? this.n.probability(value) : "–";
    if ("low" in value) return this.interval(value.low, value.high, value.unit);
    const { value: number, error, unit } = value;
    if (isShare(unit)) return this.n.percentWithError(number, error);
    return /^currency\b/.test(unit) ? this.n.moneyWithError(number, error) : this.n.withError(number, error);
  }

  /** A text with its values. A name within a sentence begins with a small letter, unless it is an abbreviation. */
  sentence({ text, values }: Sentence): string {
    return text.replace(/\{(\d+)\}/g, (place, number: string, at: number) => {
      const value = values[Number(number)];
      if (!value) return place;
      const within = at > 0 && !/[.!?:“«"]\s*$/.test(text.slice(0, at));
      if ("probability" in value && isProbability(value) && (value.probability === 0 || value.probability === 1)) {
        return this.n.chanceInWords(value);
      }
      return within && ("metric" in value || "input" in value) ? uncapitalised(this.value(value)) : this.value(value);
    });
  }
}

/** "Answer rate" -> "answer rate", but "NPV" and "CAC" as they are. */
const uncapitalised = (name: string): string => (/^\p{Lu}\p{Ll}/u.test(name) ? name[0]!.toLowerCase() + name.slice(1) : name);

export const isShare = (unit: string): boolean => unit === "share" || unit === "probability";

function isProbability(value: { probability: Maybe; mcse: Maybe; low: Maybe; high: Maybe }): value is Probability {
  return value.probability != null && value.mcse != null && value.low != null && value.high != null;
}
