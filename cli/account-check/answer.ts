/** The state of one thing: what it is, and what is wrong with it, each with what to do. */
export type Answer = { says: string; faults: readonly { what: string; remedy: string }[] };
