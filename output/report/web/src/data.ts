// The data of a page, as scenarios/studies/report/report_data.cpp writes them. null: beyond the horizon, or undefined.

export type Maybe = number | null;

export interface Statistics {
  mean: Maybe;
  mcse: Maybe;
  sd: Maybe;
  q05: Maybe;
  q10: Maybe;
  q25: Maybe;
  q50: Maybe;
  q75: Maybe;
  q90: Maybe;
  q95: Maybe;
  p_within_horizon: Maybe;
  p_within_horizon_mcse: Maybe;
  undefined: number;
  quantile_mcse: Record<QuantileName, Maybe>;
}
export type QuantileName = "q05" | "q10" | "q25" | "q50" | "q75" | "q90" | "q95";

export interface Probability {
  probability: number;
  mcse: number;
  low: number;
  high: number;
}

/** Statistics of a series, [period]. */
export interface Series {
  mean: number[];
  mcse: number[];
  q05: number[];
  q10: number[];
  q25: number[];
  q50: number[];
  q75: number[];
  q90: number[];
  q95: number[];
}

export interface Tail {
  level: number;
  var: Maybe;
  cvar: Maybe;
  cvar_mcse: Maybe;
}

export interface Rate {
  value: Maybe;
  mcse: Maybe;
  q10: Maybe;
  q50: Maybe;
  q90: Maybe;
}

export interface Target extends Probability {
  name: string;
  all: { metric: string; at_least: boolean; bound: number }[];
}

export interface Moment {
  probability: number[];
  mcse: number[];
  cumulative: number[];
  cumulative_mcse: number[];
  at_once: number;
  beyond_horizon: number;
  beyond_horizon_mcse: number;
}

export interface Curve {
  amount: number[];
  probability: number[];
  mcse: number[];
}

export interface Constraint extends Probability {
  [figure: string]: Maybe;
}

export interface Findings {
  npv_below_0: Probability;
  npv_worst_tail: Tail;
  budget_overrun?: Probability & { mean_if_any: Maybe; mean_if_any_mcse: Maybe };
  budget_overrun_worst_tail?: Tail;
  constraints: Record<string, Constraint>;
}

export interface Partner {
  name: string;
  outcomes: Record<string, Statistics>;
  rates: Record<string, Rate>;
}

/** Where a contract costs least and most, of all partners with enough contracts. */
export interface Costs {
  compared: number;
  enough: number;
  lowest?: { name: string; cost: Maybe };
  highest?: { name: string; cost: Maybe };
}

export interface TrialGroup {
  trials: number;
  payback_months: Statistics;
  npv: Statistics;
  contracts: Statistics;
}

export interface Concentration {
  partner: string;
  share: Statistics;
  leaves: Probability;
  gone: TrialGroup;
  stays: TrialGroup;
}

export interface Effect {
  rank: Maybe;
  low: Maybe;
  high: Maybe;
  lowest?: Statistics;
  highest?: Statistics;
}

export interface Driver {
  path: string;
  unit: string;
  effects: Effect[];
  drawn: Statistics;
  edges: number[];
  shares: number[];
}

export type InputValue = number | string | boolean | null | { [key: string]: unknown };

export interface Data {
  format: number;
  run: {
    name: string;
    description: string | null;
    path: string | null;
    sha256: string;
    seed: string;
    sampling: string;
    stream_version: number;
    trials: number;
    planned_trials: number;
    first_trial: number;
    shard: number;
    shards: number;
    program_version: string;
    git_revision: string;
    report_version: string;
    precision: { metric: string; statistic: string; half_width: number; max_trials: number } | null;
    set: { key: string; value: string }[];
  };
  grid: { periods: number; months_per_period: number; starts: string[]; currency: string };
  outcomes: Record<string, Statistics>;
  targets: Target[];
  findings: Findings;
  limits: { key: string; in_scenario: boolean }[];
  /** stops: partners stop when it is spent; else going over it is only told. */
  budget: { given: boolean; amount: Maybe; stops: boolean };
  series: Record<string, Series>;
  /** Factors January … December with mean 1; empty where there is no season. */
  season: number[];
  samples: { first_trial: number; cumulative_cash: number[][]; problem: string };
  distributions: Record<string, Moment>;
  exceedance: Record<string, Curve>;
  risks: (Tail & { metric: string; tail: string })[];
  rates: Record<string, Rate>;
  partners: { all: number; by_trial: boolean; costs: Costs; shown: Partner[] };
  concentration: Concentration | null;
  drivers: { outcomes: string[]; all: number; inputs: Driver[] };
  inputs: {
    defaults: number;
    all: number;
    given: { path: string; value: InputValue; unit: string; provenance: string }[];
  };
}
