/** Something that must never be, by the name of the rule that it breaks. */
export type Wrong = { rule: string; what: string };
