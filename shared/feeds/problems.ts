/** One thing that is wrong with what the operator gave us: which file, which line of it, and why. */
export type FeedProblem = { file: string; line?: number; reason: string };

/** Problems as they are found: all counted, the first ones kept. */
export type ProblemList = {
  report: (file: string, line: number | undefined, reason: string) => void;
  count: () => number;
  listed: () => readonly FeedProblem[];
};

/** A file with the wrong separator is wrong in every row: nobody reads more than this. */
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

/** `stops.txt:12: …`, as compilers say it, so that editors can jump there. */
export const problemText = ({ file, line, reason }: FeedProblem): string =>
  `${line === undefined ? file : `${file}:${line}`}: ${reason}`;

/** A file that cannot be read on: what is left of it stays unknown. Only thrown and caught inside `feeds`. */
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
