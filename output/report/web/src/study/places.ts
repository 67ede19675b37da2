// Where labels of points stand: beside their point, and on nothing else.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Placed {
  box: Box;
  /** Whether it stands so far off that a line leads to its point. */
  led: boolean;
}

const kRings = [
  { distance: 8, led: false },
  { distance: 20, led: true },
  { distance: 36, led: true },
];
// To the right first, then around.
const kDirections = [
  [1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1],
] as const;

const meet = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const within = (box: Box, plot: Box): boolean =>
  box.x >= plot.x && box.y >= plot.y && box.x + box.width <= plot.x + plot.width && box.y + box.height <= plot.y + plot.height;

/** A label's box to one side of its point. */
function beside(point: readonly [number, number], size: { width: number; height: number }, direction: readonly [number, number], distance: number): Box {
  const [dx, dy] = direction;
  const reach = dx !== 0 && dy !== 0 ? distance * 0.75 : distance;
  const x = point[0] + dx * reach - (dx > 0 ? 0 : dx < 0 ? size.width : size.width / 2);
  const y = point[1] + dy * reach - (dy > 0 ? 0 : dy < 0 ? size.height : size.height / 2);
  return { x, y, ...size };
}

/** Where a line from a point to its label ends. */
export function leadEnd(point: readonly [number, number], box: Box): [number, number] {
  const nearest = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  return [nearest(point[0], box.x, box.x + box.width), nearest(point[1], box.y, box.y + box.height)];
}

/** A segment in small boxes. */
export function boxesAlong([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): Box[] {
  const count = Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 6);
  return [...Array(count + 1).keys()].map((k) => {
    const share = count === 0 ? 0 : k / count;
    return { x: x1 + (x2 - x1) * share - 2, y: y1 + (y2 - y1) * share - 2, width: 4, height: 4 };
  });
}

/** A place for each label, the first of them first; null where there is none that is free. `taken` are places of other
 * things, all points among them. */
export function placeLabels(points: (readonly [number, number])[], widths: number[], height: number, around: { plot: Box; taken: Box[] }): (Placed | null)[] {
  const taken = [...around.taken];
  const labels: Box[] = [];
  const free = (box: Box, lead: Box[]): boolean =>
    within(box, around.plot) && !taken.some((other) => meet(box, other)) && !lead.some((part) => labels.some((label) => meet(part, label)));
  return points.map((point, at) => {
    for (const { distance, led } of kRings) {
      for (const direction of kDirections) {
        const box = beside(point, { width: widths[at]!, height }, direction, distance);
        const lead = led ? boxesAlong(point, leadEnd(point, box)) : [];
        if (!free(box, lead)) continue;
        taken.push(box, ...lead);
        labels.push(box);
        return { box, led };
      }
    }
    return null;
  });
}
