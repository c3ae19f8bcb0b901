/** What some work asked of DynamoDB. Keys are table names; of `requests`, `<operation> <table>`. */
export type Tally = {
  requests: Record<string, number>;
  readUnits: Record<string, number>;
  writeUnits: Record<string, number>;
  /** Conditional writes that were refused; a cancelled transaction counts as one. */
  refusedWrites: Record<string, number>;
  /** Requests that write, whatever came of them. */
  writes: number;
};

export const emptyTally = (): Tally => ({
  requests: {},
  readUnits: {},
  writeUnits: {},
  refusedWrites: {},
  writes: 0,
});

export const add = (counts: Record<string, number>, key: string, count: number): void => {
  counts[key] = (counts[key] ?? 0) + count;
};

export const addTally = (to: Tally, more: Tally): void => {
  for (const field of ['requests', 'readUnits', 'writeUnits', 'refusedWrites'] as const)
    for (const [key, count] of Object.entries(more[field])) add(to[field], key, count);
  to.writes += more.writes;
};

export const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
