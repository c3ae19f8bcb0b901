import { lineOf } from '../run-command.ts';

export type Step = { step: string; outcome: 'done' | 'skipped' | 'failed'; seconds: number; note?: string };

/** A step that there is nothing to do for; the message says why. */
export class Skipped extends Error {
  override name = 'Skipped';
}

/** A step has failed, and its line says so: what follows cannot be done, except the clean-up. */
export class StepFailed extends Error {
  override name = 'StepFailed';
}

type Work<Value> = (note: (text: string) => void) => Promise<Value>;

export type Steps = {
  seen: readonly Step[];
  /** Does a step and tells of it: undefined if it was skipped. Throws `StepFailed` if it fails. */
  run<Value>(step: string, work: Work<Value>): Promise<Value | undefined>;
};

const marks = { done: '✓', skipped: '–', failed: '✗' } as const;

/** A fault of this program keeps its stack: nobody else could explain it. */
const whyOf = (error: unknown): string => {
  if ((error as Partial<Error> | undefined)?.name === 'AbortError') return 'interrupted';
  return lineOf(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
};

export const tellSteps = (print: (line: string) => void): Steps => {
  const seen: Step[] = [];
  const tell = (step: Step): void => {
    seen.push(step);
    const note = step.note ? `  ${step.note}` : '';
    print(`${marks[step.outcome]} ${step.step.padEnd(36)} ${step.seconds.toFixed(1).padStart(6)} s${note}`);
  };
  return {
    seen,
    run: async (step, work) => {
      const started = performance.now();
      const seconds = () => (performance.now() - started) / 1000;
      let note: string | undefined;
      try {
        const value = await work((text) => (note = text));
        tell({ step, outcome: 'done', seconds: seconds(), ...(note !== undefined && { note }) });
        return value;
      } catch (error) {
        const isSkipped = error instanceof Skipped;
        const outcome = isSkipped ? 'skipped' : 'failed';
        tell({ step, outcome, seconds: seconds(), note: isSkipped ? error.message : whyOf(error) });
        if (isSkipped) return undefined;
        throw new StepFailed(step);
      }
    },
  };
};
