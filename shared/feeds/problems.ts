/** One fault in the operator's files: the file, the line and the reason. */
export type FeedProblem = { file: string; line?: number; reason: string };

/**
 * The effect of a problem: a `refusal` stops the import; with `leftOut`, the import skips a part of the feed; a
 * `warning` is something that we understood, but maybe not as the feed meant it.
 */
export type Effect = 'refusal' | 'leftOut' | 'warning';

/** The parts of a feed that can be left out. A `row` is a part without a name of its own. */
export type Part = 'row' | 'agency' | 'stop' | 'route' | 'service' | 'trip' | 'fare';

/** The problems of one kind: their number, and the first of them. `kind` is stable, for programs. */
export type ProblemsOfKind = { kind: string; count: number; listed: readonly FeedProblem[] };

/** The place, the kind and the reason of a problem. `reason` needs no full stop. */
export type Found = { kind: string; file: string; line?: number | undefined; reason: string };

/** Collects problems: it counts all of them and keeps the first ones of each kind. */
export type ProblemList = {
  refuse: (found: Found) => void;
  /** `id` names the part, if it has a name; the reason then ends with the name of the part that is left out. */
  leaveOut: (part: Part, id: string | undefined, found: Found) => void;
  warn: (found: Found) => void;
  count: (effect: Effect) => number;
  /** By kind, in the order in which the kinds were first found. */
  byKind: (effect: Effect) => ProblemsOfKind[];
};

/** A file with the wrong separator is wrong in every row, and nobody reads more than this. */
const listedMax = 20;
/** An id can be as long as a whole file when a quote is missing. */
const reasonLengthMax = 400;

export const problemList = (): ProblemList => {
  const kinds = { refusal: kindsOf(), leftOut: kindsOf(), warning: kindsOf() };
  return {
    refuse: (found) => kinds.refusal.add(found),
    leaveOut: (part, id, found) =>
      kinds.leftOut.add({ ...found, reason: `${found.reason}: ${partText(part, id)} is left out` }),
    warn: (found) => kinds.warning.add(found),
    count: (effect) => countOf(kinds[effect].all()),
    byKind: (effect) => kinds[effect].all(),
  };
};

const kindsOf = () => {
  const byKind = new Map<string, { kind: string; count: number; listed: FeedProblem[] }>();
  const add = ({ kind, file, line, reason }: Found): void => {
    const ofKind = byKind.get(kind) ?? { kind, count: 0, listed: [] };
    byKind.set(kind, ofKind);
    ofKind.count += 1;
    if (ofKind.listed.length < listedMax) {
      ofKind.listed.push({ file, ...(line !== undefined && { line }), reason: plain(reason) });
    }
  };
  return { add, all: () => [...byKind.values()] };
};

const partText = (part: Part, id: string | undefined): string =>
  id === undefined ? `the ${part}` : `${part} ${id}`;

/** Feeds can contain anything, and terminals obey control characters. */
const plain = (reason: string): string => {
  const text = reason.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu, '\u{FFFD}');
  if (text.length <= reasonLengthMax) return text;
  const half = reasonLengthMax / 2;
  return `${text.slice(0, half).toWellFormed()} … ${text.slice(-half).toWellFormed()}`;
};

export const countOf = (kinds: readonly ProblemsOfKind[]): number =>
  kinds.reduce((sum, { count }) => sum + count, 0);

/** Formats a problem as compilers do (`stops.txt:12: …`), so that editors can jump to the line. */
export const problemText = ({ file, line, reason }: FeedProblem): string =>
  `${line === undefined ? file : `${file}:${line}`}: ${reason}`;

/** One line for each listed problem, and one for the rest of its kind. */
export const problemLines = (kinds: readonly ProblemsOfKind[]): string[] =>
  kinds.flatMap(({ count, listed }) => {
    const lines = listed.map(problemText);
    const rest = count - listed.length;
    return rest > 0 ? [...lines, `… and ${rest} more of this kind`] : lines;
  });

/** We cannot read the rest of this file, so its content stays unknown. Only `feeds` throws and catches this error. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile';
  readonly file: string;
  readonly line: number | undefined;

  constructor(file: string, line: number | undefined, reason: string) {
    super(reason);
    this.file = file;
    this.line = line;
  }
}
