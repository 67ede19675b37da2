// How a section looks: what it means, then what it shows.

import { type Child, element } from "../dom";
import type { Words } from "../words";

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
    section.meaning.length > 0 ? element("div", { class: "meaning" }, ...section.meaning.map((sentence) => element("p", {}, sentence))) : null,
    ...section.content,
  );
}

/** Links to the sections, numbered as these are. */
export function contents(w: Words, sections: Section[]): HTMLElement {
  const link = ({ id, title }: Section, at: number) => element("a", { href: `#${id}` }, `${at + 1}. ${title}`);
  return element("nav", { "aria-label": w.contents }, element("ol", {}, ...sections.map((section, at) => element("li", {}, link(section, at)))));
}

export const charts = (...figures: Child[]): HTMLElement => element("div", { class: "charts" }, ...figures);
export const note = (text: string): HTMLElement | null => (text ? element("p", { class: "note" }, text) : null);
