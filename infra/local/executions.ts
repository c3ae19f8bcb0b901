import { appendFileSync, existsSync, readFileSync, writeFileSync, renameSync } from 'node:fs';
import * as z from 'zod';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

const executionSchema = z.object({
  arn: z.string(),
  name: z.string(),
  stateMachineArn: z.string(),
  status: z.enum(statuses),
  /** JSON text as given. */
  input: z.string(),
  startedAt: z.number(),
  stoppedAt: z.number().optional(),
  output: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
});
export type Execution = z.infer<typeof executionSchema>;

export type Executions = {
  find(arn: string): Execution | undefined;
  all(): Execution[];
  /** On disk when it returns, so that a name is never given twice. */
  put(execution: Execution): void;
};

const keptMilliseconds = 90 * 24 * 3_600_000;

/**
 * Every execution by name, kept in a file for 90 days after its end: so long AWS refuses the name of a closed one. Each
 * line is one execution's latest state; opening the file drops what has been overtaken.
 */
export const openExecutions = (file: string, now: number): Executions => {
  const known = new Map<string, Execution>();
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    const read = parse(line);
    if (read && (read.stoppedAt ?? now) > now - keptMilliseconds) known.set(read.arn, read);
  }
  writeFileSync(`${file}.new`, [...known.values()].map(asLine).join(''), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return {
    find: (arn) => known.get(arn),
    all: () => [...known.values()],
    put: (execution) => {
      known.set(execution.arn, execution);
      appendFileSync(file, asLine(execution));
    },
  };
};

const asLine = (execution: Execution) => `${JSON.stringify(execution)}\n`;

/** A line that a kill cut off says nothing. */
const parse = (line: string): Execution | undefined => {
  try {
    return executionSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};
