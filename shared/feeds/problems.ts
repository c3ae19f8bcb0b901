/** One thing that is wrong with what the operator gave us: which file, which line of it, and why. */
export type FeedProblem = { file: string; line?: number; reason: string };

/**
 * What a problem does: a `refusal` stops the import; `leftOut` is a part of the feed that is not imported; a `warning`
 * is something we understood, but maybe not as the feed meant it.
 */
export type Effect = 'refusal' | 'leftOut' | 'warning';

/** The parts of a feed that can be left out. A `row` is one that has no name of its own. */
export type Part = 'row' | 'agency' | 'stop' | 'route' | 'service' | 'trip' | 'fare';

/** The problems of one kind: how many there are, and the first of them. `kind` is stable, for programs. */
export type ProblemsOfKind = { kind: string; count: number; listed: readonly FeedProblem[] };

/** Where a problem is, of what kind, and why it is one. `reason` needs no full stop. */
export type Found = { kind: string; file: string; line?: number | undefined; reason: string };

/** Collects problems as they are found: it counts all of them and keeps the first ones of each kind. */
export type ProblemList = {
  refuse: (found: Found) => void;
  /** `id` names the part where it has a name; the reason then ends with what is left out. */
  leaveOut: (part: Part, id: string | undefined, found: Found) => void;
  warn: (found: Found) => void;
  count: (effect: Effect) => number;
  /** By kind, in the order in which the kinds were first found. */
  told: (effect: Effect) => ProblemsOfKind[];
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
    count: (effect) => countOf(kinds[effect].told()),
    told: (effect) => kinds[effect].told(),
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
  return { add, told: () => [...byKind.values()] };
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

/** One line for each problem that is listed, and one for the rest of its kind. */
export const problemLines = (kinds: readonly ProblemsOfKind[]): string[] =>
  kinds.flatMap(({ count, listed }) => {
    const lines = listed.map(problemText);
    const rest = count - listed.length;
    return rest > 0 ? [...lines, `… and ${rest} more of this kind`] : lines;
  });

/** A file that cannot be read any further, so that the rest of it stays unknown. Only thrown and caught inside `feeds`. */
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
