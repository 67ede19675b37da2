// Numbers, amounts and dates in the reader's language and the scenario's currency.

import type { Maybe, Probability, Statistics } from "./data";

export type Language = "en" | "ru";

/** Digits after the point that show an error to `significant` digits. */
function decimalsFor(error: number, significant = 1): number {
  if (!(error > 0) || !Number.isFinite(error)) return 0;
  return Math.min(6, Math.max(0, significant - 1 - Math.floor(Math.log10(error))));
}

interface Scale {
  unit: number;
  word: string;
}

export class Numbers {
  private readonly locale: string;

  constructor(
    readonly language: Language,
    private readonly currency: string,
  ) {
    this.locale = language === "ru" ? "ru-RU" : "en-GB";
  }

  /** A number to three significant digits, whole from a thousand on. */
  number(value: Maybe): string {
    if (value == null) return "–";
    const size = Math.abs(value);
    const digits = size >= 100 || Number.isInteger(value) ? 0 : decimalsFor(size, 3);
    return this.fixed(value, digits);
  }

  fixed(value: number, decimals: number): string {
    const text = value.toLocaleString(this.locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return /[1-9]/.test(text) ? text.replace("-", "−") : text.replace("-", "");
  }

  whole(value: number): string {
    return this.fixed(value, 0);
  }

  /** value ± error, both to the digit that the error allows. */
  withError(value: Maybe, error: Maybe): string {
    if (value == null) return "–";
    if (error == null || !(error > 0)) return this.number(value);
    const decimals = decimalsFor(error);
    return `${this.fixed(value, decimals)} ±\u00a0${this.fixed(error, decimals)}`;
  }

  /** An error by itself, to one digit that counts. */
  errorText(error: Maybe): string {
    return error == null || !(error > 0) ? "" : `±\u00a0${this.fixed(error, decimalsFor(error))}`;
  }

  /** A number on an axis. */
  axis(value: number): string {
    return value.toLocaleString(this.locale, { maximumSignificantDigits: 6 }).replace("-", "−");
  }

  /** An amount, large ones in thousands, millions or billions. */
  money(value: Maybe): string {
    if (value == null) return "–";
    const scale = this.scale(value);
    const scaled = value / scale.unit;
    const exact = scale.unit === 1 && Number.isInteger(value);
    return this.inCurrency(this.fixed(scaled, exact ? 0 : decimalsFor(Math.abs(scaled), 3)), scale.word);
  }

  moneyWithError(value: Maybe, error: Maybe): string {
    if (value == null) return "–";
    if (error == null || !(error > 0)) return this.money(value);
    const scale = this.scale(value);
    const decimals = Math.min(4, decimalsFor(error / scale.unit));
    const unit = 10 ** -decimals;
    const small = error / scale.unit < unit / 2;
    return this.inCurrency(
      `${this.fixed(value / scale.unit, decimals)} ±\u00a0${small ? "<" : ""}${this.fixed(small ? unit : error / scale.unit, decimals)}`,
      scale.word,
    );
  }

  /** For the axis of a chart of these amounts: all labels in the unit of the largest. */
  moneyAxis(...amounts: Maybe[][]): (value: number) => string {
    const largest = Math.max(0, ...amounts.flat().map((amount) => Math.abs(amount ?? 0)));
    const { unit, word } = this.scale(largest);
    return (value) => this.axis(value / unit) + (word && value !== 0 ? `\u00a0${word}` : "");
  }

  moneyError(error: Maybe): string {
    if (error == null || !(error > 0)) return "";
    const scale = this.scale(error);
    return `±\u00a0${this.inCurrency(this.fixed(error / scale.unit, decimalsFor(error / scale.unit)), scale.word)}`;
  }

  percent(share: Maybe, decimals?: number): string {
    if (share == null) return "–";
    const size = Math.min(Math.abs(share), Math.abs(1 - share)) * 100;
    const digits = decimals ?? (size > 0 && size < 0.1 ? 2 : size > 10 - 1e-9 || size === 0 ? 0 : 1);
    return `${this.fixed(100 * share, digits)}\u00a0%`;
  }

  /** A share on an axis. */
  percentAxis(value: number): string {
    return `${this.axis(100 * value)}\u00a0%`;
  }

  percentWithError(share: Maybe, error: Maybe): string {
    if (share == null) return "–";
    if (error == null || !(error > 0)) return this.percent(share, 1);
    const decimals = Math.max(1, Math.min(3, decimalsFor(100 * error)));
    return `${this.fixed(100 * share, decimals)}\u00a0% ±\u00a0${this.fixed(100 * error, decimals)}`;
  }

  /** What happened in no trial or in all of them is no certainty: then the bound of its 95 % interval. */
  probability(p: Probability): string {
    if (p.probability > 0 && p.probability < 1) return this.percentWithError(p.probability, p.mcse);
    const rest = p.probability === 0 ? p.high : 1 - p.low;
    const decimals = decimalsFor(100 * rest);
    const bound = Math.ceil(100 * rest * 10 ** decimals - 1e-9) / 10 ** decimals;
    return p.probability === 0 ? `<\u00a0${this.fixed(bound, decimals)}\u00a0%` : `>\u00a0${this.fixed(100 - bound, decimals)}\u00a0%`;
  }

  /** The same without error. */
  chance(p: Probability): string {
    return p.probability > 0 && p.probability < 1 ? this.percent(p.probability) : this.probability(p);
  }

  /** The same within a sentence. */
  chanceInWords(p: Probability): string {
    const [more, less] = this.language === "ru" ? ["более чем", "менее чем"] : ["more than", "less than"];
    return this.chance(p).replace(">", more).replace("<", less);
  }

  /** A value of a metric by its unit. */
  inUnit(value: Maybe, unit: string): string {
    if (unit === "share") return this.percent(value, 1);
    if (/^currency\b/.test(unit)) return this.money(value);
    return this.number(value);
  }

  /** "low … high", both to two digits of the width between them. */
  interval(low: Maybe, high: Maybe, unit: string): string {
    if (low == null || high == null || low === high) return `${this.inUnit(low, unit)} … ${this.inUnit(high, unit)}`;
    const money = /^currency\b/.test(unit);
    const scale = money ? this.scale(Math.max(Math.abs(low), Math.abs(high))) : { unit: unit === "share" ? 0.01 : 1, word: "" };
    const decimals = decimalsFor(Math.abs(high - low) / scale.unit, 2);
    const ends = [low, high].map((end) => this.fixed(end / scale.unit, decimals)).join(" … ");
    if (money) return this.inCurrency(ends, scale.word);
    return unit === "share" ? `${ends}\u00a0%` : ends;
  }

  /** A value as it was given, with all its digits. */
  exact(value: number, unit: string): string {
    const digits = (number: number) => number.toLocaleString(this.locale, { maximumSignificantDigits: 10 }).replace("-", "−");
    if (unit === "share") return `${digits(Number((100 * value).toPrecision(10)))}\u00a0%`;
    return /^currency\b/.test(unit) ? this.inCurrency(digits(value), "") : digits(value);
  }

  meanWithError(statistics: Statistics, money: boolean): string {
    return money
      ? this.moneyWithError(statistics.mean, statistics.mcse)
      : this.withError(statistics.mean, statistics.mcse);
  }

  /** A month of a year: "Jun 2025", or the day of a week's start: "2 Jun 2025". */
  date(iso: string, days: boolean): string {
    const [year = 0, month = 1, day = 1] = iso.split("-").map(Number);
    return `${days ? `${day}\u00a0` : ""}${this.calendarMonth(month - 1)}\u00a0${year}`;
  }

  calendarMonth(month: number): string {
    return new Date(Date.UTC(2001, month, 1)).toLocaleDateString(this.locale, { month: "short", timeZone: "UTC" });
  }

  private scale(value: number): Scale {
    const size = Math.abs(value);
    const words = this.language === "ru" ? ["тыс.", "млн", "млрд", "трлн"] : ["k", "M", "bn", "tn"];
    if (size >= 999.5e9) return { unit: 1e12, word: words[3]! };
    if (size >= 999.5e6) return { unit: 1e9, word: words[2]! };
    if (size >= 999.5e3) return { unit: 1e6, word: words[1]! };
    if (size >= 99.95e3) return { unit: 1e3, word: words[0]! };
    return { unit: 1, word: "" };
  }

  private inCurrency(number: string, scale: string): string {
    const symbols: Record<string, string> = { RUB: "₽", USD: "$", EUR: "€", GBP: "£", CNY: "¥", KZT: "₸" };
    const symbol = symbols[this.currency] ?? this.currency;
    const scaled = `${number}${scale && `\u00a0${scale}`}`;
    const leads = this.language === "en" && "$€£¥".includes(symbol);
    return leads ? scaled.replace(/^−?/, (sign) => sign + symbol) : `${scaled}\u00a0${symbol}`;
  }
}
