// The page of a study.

import { type Child, element, table } from "../dom";
import type { Language } from "../numbers";
import { charts, contents, note, render, type Section } from "../sections/section";
import { chartFigure } from "./charts";
import type { StudyData, StudyItem, StudyTable } from "./data";
import { Speaker } from "./values";

function tableOf(speaker: Speaker, { title, columns, rows }: StudyTable): Child[] {
  const caption = speaker.sentence(title);
  const heads = columns.map(({ head, text }) => ({ head: speaker.sentence(head), text }));
  return [element("h3", {}, caption), table(caption, heads, rows.map((row) => row.map((cell) => speaker.value(cell))))];
}

/** Items in order; charts that follow each other stand side by side, one by itself has the whole width. */
function content(speaker: Speaker, items: StudyItem[]): Child[] {
  const made: Child[] = [];
  for (let at = 0; at < items.length; ++at) {
    const item = items[at]!;
    if ("sentence" in item) made.push(note(speaker.sentence(item.sentence)));
    else if ("table" in item) made.push(...tableOf(speaker, item.table));
    else {
      const group = [item.chart];
      for (let next = items[at + 1]; next && "chart" in next; next = items[at + 1]) {
        group.push(next.chart);
        ++at;
      }
      made.push(charts(...group.map((chart) => chartFigure(speaker, chart, group.length === 1))));
    }
  }
  return made;
}

export function studyPage(data: StudyData, language: Language): Child[] {
  const speaker = new Speaker(language, data.currency);
  const { w } = speaker;
  const sections: Section[] = data.sections.map(({ id, title, meaning, items }) => ({
    id,
    title: speaker.sentence(title),
    meaning: meaning.map((sentence) => speaker.sentence(sentence)),
    content: content(speaker, items),
  }));
  const basis = [speaker.sentence(data.basis), data.currency ? w.amounts(data.currency) : ""].filter(Boolean).join(" · ");
  return [
    element("a", { class: "skip", href: `#${sections[0]?.id ?? "report"}` }, w.studySkip),
    element(
      "header",
      {},
      element("p", { class: "kind" }, data.study),
      element("h1", {}, element("bdi", {}, data.title)),
      element("p", {}, basis),
    ),
    contents(w, sections),
    ...sections.map((section, at) => render(section, at + 1)),
    element("footer", {}, element("p", {}, w.studyHowToRead), element("p", {}, w.footer(data.program_version))),
  ];
}
