/** One fault in the operator's files: the file, its line and the reason. */
export type FeedProblem = { file: string; line?: number; reason: string };

/** Collects problems: counts all and keeps the first ones. */
export type ProblemList = {
  report: (file: string, line: number | undefined, reason: string) => void;
  count: () => number;
  listed: () => readonly FeedProblem[];
};

/** A file with the wrong separator has a fault in every row, and nobody reads more than this. */
const listedMax = 200;

export const problemList = (): ProblemList => {
  const listed: FeedProblem[] = [];
  let count = 0;
  return {
    report: (file, line, reason) => {
      count += 1;
      if (listed.length < listedMax) listed.push({ file, ...(line !== undefined && { line }), reason });
    },
    count: () => count,
    listed: () => listed,
  };
};

/** `stops.txt:12: …`, in the form of a compiler's messages, so that editors can jump to the line. */
export const problemText = ({ file, line, reason }: FeedProblem): string =>
  `${line === undefined ? file : `${file}:${line}`}: ${reason}`;

/** Reading a file cannot go on, so the rest of it is unknown. Only `feeds` throws and catches this. */
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
