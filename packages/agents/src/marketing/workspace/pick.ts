/** The named columns of a row, in the order in which a prompt contains them. */
export function pick<Row extends object, const Columns extends readonly (keyof Row)[]>(
  row: Row,
  columns: Columns,
): Pick<Row, Columns[number]> {
  const picked: Partial<Row> = {};
  for (const column of columns) picked[column] = row[column];
  if (isComplete(picked, columns)) return picked;
  throw new Error("A row came without a column it should have. Apply the migrations.");
}

function isComplete<Row extends object, const Columns extends readonly (keyof Row)[]>(
  picked: Partial<Row>,
  columns: Columns,
): picked is Partial<Row> & Pick<Row, Columns[number]> {
  return columns.every((column) => picked[column] !== undefined);
}
