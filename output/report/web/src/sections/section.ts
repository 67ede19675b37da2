// How a section looks: what it means, then what it shows.

import { type Child, element } from "../dom";

export interface Section {
  id: string;
  title: string;
  /** Sentences on what the figures mean for the decision. */
  meaning: string[];
  content: Child[];
}

export function render(section: Section, number: number): HTMLElement {
  return element(
    "section",
    { id: section.id, "aria-labelledby": `${section.id}-title` },
    element("h2", { id: `${section.id}-title` }, `${number}. ${section.title}`),
    element("div", { class: "meaning" }, ...section.meaning.map((sentence) => element("p", {}, sentence))),
    ...section.content,
  );
}

export const charts = (...figures: Child[]): HTMLElement => element("div", { class: "charts" }, ...figures);
export const note = (text: string): HTMLElement | null => (text ? element("p", { class: "note" }, text) : null);
