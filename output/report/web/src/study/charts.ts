// The charts of a study, by their kinds.

import { type ChartSpec, figure } from "../charts";
import type { StudyChart } from "./data";
import { matrixSketch, matrixTable } from "./matrix";
import type { Sketch } from "./parts";
import { planeSketch, planeTable } from "./plane";
import { rowsSketch, rowsTable } from "./rows";
import type { Speaker } from "./values";

interface Kind {
  sketch: (speaker: Speaker, chart: StudyChart) => Sketch;
  table: (speaker: Speaker, chart: StudyChart) => Pick<ChartSpec, "columns" | "rows">;
}

const rows: Kind = { sketch: rowsSketch, table: rowsTable };
const plane: Kind = { sketch: planeSketch, table: planeTable };
const matrix: Kind = { sketch: matrixSketch, table: matrixTable };
const kinds: Record<StudyChart["kind"], Kind> = { bars: rows, ranges: rows, lines: plane, points: plane, matrix };

export function chartFigure(speaker: Speaker, chart: StudyChart, wide: boolean): HTMLElement {
  const { sketch, table } = kinds[chart.kind];
  return figure(speaker.w, {
    title: speaker.sentence(chart.title),
    subtitle: speaker.sentence(chart.subtitle),
    alternative: speaker.sentence(chart.alternative),
    wide,
    ...table(speaker, chart),
    ...sketch(speaker, chart),
  });
}
