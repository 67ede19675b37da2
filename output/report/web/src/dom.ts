// Building the page. Text always becomes a text node: nothing of a scenario is ever read as HTML.

export type Child = Node | string | null | undefined;
type Attributes = Record<string, string>;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const child of children) if (child != null) made.append(child);
  return made;
}

export interface Column {
  head: string;
  /** Numbers are set flush right. */
  text?: boolean;
}

/** A table that scrolls by itself where the page is narrow, also with the keyboard. */
export function table(caption: string, columns: Column[], rows: string[][]): HTMLElement {
  const cell = (tag: "th" | "td", text: string, column: number, scope?: string) =>
    element(tag, { ...(columns[column]?.text ? { class: "text" } : {}), ...(scope ? { scope } : {}) }, text);
  const named = columns.some((column) => column.head !== "");
  const head = element("tr", {}, ...columns.map((column, at) => cell("th", column.head, at, "col")));
  const body = rows.map((row) =>
    element("tr", {}, ...row.map((text, at) => (at === 0 ? cell("th", text, at, "row") : cell("td", text, at)))),
  );
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {}, element("caption", {}, caption), named ? element("thead", {}, head) : null, element("tbody", {}, ...body)),
  );
}

/** Something that is shown on demand. */
export function disclosure(summary: string, ...children: Child[]): HTMLElement {
  return element("details", {}, element("summary", {}, summary), ...children);
}
