/** A table written as text: the first line names the columns, the first word of a line its row. */
export type Matrix = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function parseMatrix(text: string): Matrix {
  const [head = [], ...lines] = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const [, ...columns] = head;
  return Object.fromEntries(
    lines.map(([row = "", ...cells]) => {
      if (cells.length !== columns.length) throw new Error(`The line of ${row} is not whole.`);
      return [
        row,
        Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""])),
      ];
    }),
  );
}
