import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const count = z.number().nonnegative();

/** What the bench counts; `npm run costs -- --write` writes it, and a test counts again. */
export const countedSchema = z.object({
  purchase: z.object({
    writeUnits: count,
    readUnits: count,
    lambdaInvocations: count,
    gigabyteSeconds: count,
    transitions: count,
    snsRequests: count,
    sqsRequests: count,
    mails: count,
    httpRequests: count,
    /** At most: each function that something other than a function calls begins a trace. */
    traces: count,
  }),
  /** Of one run with nothing to do. */
  idle: z.record(z.string(), z.object({ readUnits: count, writeUnits: count })),
  /** Bytes of log lines in a local run, of one purchase and of one idle run of a scheduled function. */
  logBytes: z.object({ measured: z.iso.date(), purchase: count, idle: z.record(z.string(), count) }),
});

export type Counted = z.infer<typeof countedSchema>;

export const countedFile = join(import.meta.dirname, 'counted.json');

export const readCounted = (): Counted => countedSchema.parse(JSON.parse(readFileSync(countedFile, 'utf8')));
