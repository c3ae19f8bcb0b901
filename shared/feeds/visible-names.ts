import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';
import { inkOf, readable } from '../platform/visible-text.ts';

/**
 * Letters, digits, signs: anything that leaves ink. A combining mark alone does not count, nor does a Hangul filler.
 */
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A name as people can read it: single spaces and no invisible characters; empty if no character is visible. */
export const nameOf = (text: string): string => {
  const name = readable(text);
  return visible.test(inkOf(name)) ? name : '';
};

/**
 * A run keeps the names and the headsigns of all its stops in one item. The longest trip has two such texts a stop, and a
 * character takes at most three bytes: they fit without compression, with room for the rest of the run.
 */
export const nameLengthMax = 200;

/**
 * The text of a column that stands beside a name: a headsign, a code, a city. One that nobody could read counts as empty,
 * and the operator is told.
 */
export const textBeside = (
  { line, text }: Row,
  column: string,
  { file, problems }: { file: string; problems: ProblemList },
): string => {
  const read = nameOf(text(column));
  if (read.length <= nameLengthMax) return read;
  const reason = `${column} has more than ${nameLengthMax} characters: it counts as empty`;
  problems.warn({ kind: 'too-long', file, line, reason });
  return '';
};

export const isName = (name: string): boolean => name !== '' && name.length <= nameLengthMax;
