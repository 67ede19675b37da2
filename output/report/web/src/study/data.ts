// The data of a study's page, as scenarios/studies/study_page.cpp writes them. null: beyond the horizon, or undefined.

import type { Maybe } from "../data";

export type StudyValue =
  | { text: string }
  | { value: Maybe; unit: string; error: Maybe }
  | { probability: Maybe; mcse: Maybe; low: Maybe; high: Maybe; unit: string }
  | { low: Maybe; high: Maybe; unit: string }
  | { metric: string }
  | { input: string };

/** A text with places {0}, {1} … for values. */
export interface Sentence {
  text: string;
  values: StudyValue[];
}

export interface StudyTable {
  title: Sentence;
  columns: { head: Sentence; text: boolean }[];
  rows: StudyValue[][];
}

export interface Axis {
  title: Sentence;
  unit: string;
}

/** What the lists hold is said in study_page.hpp; a list that a kind does not use is empty. */
export interface StudySeries {
  name: StudyValue;
  x: Maybe[];
  y: Maybe[];
  low: Maybe[];
  high: Maybe[];
  x_low: Maybe[];
  x_high: Maybe[];
  labels: string[];
  joined: boolean;
}

export interface StudyChart {
  kind: "bars" | "ranges" | "lines" | "points" | "matrix";
  title: Sentence;
  subtitle: Sentence;
  alternative: Sentence;
  categories: StudyValue[];
  x: Axis;
  y: Axis;
  series: StudySeries[];
  marks: Maybe[];
  mark_names: string[];
  y_marks: Maybe[];
  y_mark_names: string[];
  interval: string;
}

export type StudyItem = { sentence: Sentence } | { table: StudyTable } | { chart: StudyChart };

export interface StudyData {
  format: number;
  study: string;
  title: string;
  currency: string;
  basis: Sentence;
  program_version: string;
  sections: { id: string; title: Sentence; meaning: Sentence[]; items: StudyItem[] }[];
}
