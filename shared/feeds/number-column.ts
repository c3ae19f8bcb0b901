/** Whole numbers of 32 bits, four bytes each: what a table of millions of rows keeps in memory. */
export type NumberColumn = {
  push: (value: number) => void;
  at: (index: number) => number;
  length: () => number;
};

export const numberColumn = (): NumberColumn => {
  let values = new Int32Array(1024);
  let length = 0;
  return {
    push: (value) => {
      if (length === values.length) {
        const wider = new Int32Array(length * 2);
        wider.set(values);
        values = wider;
      }
      values[length] = value;
      length += 1;
    },
    at: (index) => values[index] ?? 0,
    length: () => length,
  };
};

/** The indices of a column by value: those of value 3 are `of(3)`, in the order in which they were pushed. */
export const indicesBy = (column: NumberColumn, values: number): ((value: number) => Int32Array) => {
  const starts = new Int32Array(values + 1);
  for (let at = 0; at < column.length(); at += 1) {
    const next = column.at(at) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let value = 0; value < values; value += 1)
    starts[value + 1] = (starts[value + 1] ?? 0) + (starts[value] ?? 0);
  const indices = new Int32Array(column.length());
  const filled = starts.slice();
  for (let at = 0; at < column.length(); at += 1) {
    const value = column.at(at);
    const place = filled[value] ?? 0;
    indices[place] = at;
    filled[value] = place + 1;
  }
  return (value) => indices.subarray(starts[value], starts[value + 1]);
};
