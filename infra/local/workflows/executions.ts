import { DatabaseSync } from 'node:sqlite';
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
  running(): Execution[];
  /** The newest of a state machine, newest first. */
  list(stateMachineArn: string, status?: string): Execution[];
  /** On disk when it returns, so that a name is never given twice. */
  put(execution: Execution): void;
  close(): void;
};

const keptMilliseconds = 90 * 24 * 3_600_000;
/** Of those that have ended; names are made of ids that never come again, so the oldest are missed by nobody. */
const endedMax = 20_000;
const pruneEvery = 500;
/** What AWS gives on one page. */
const listedMax = 100;

const tables = `
  CREATE TABLE IF NOT EXISTS executions (
    arn TEXT PRIMARY KEY, machine TEXT NOT NULL, status TEXT NOT NULL, stopped REAL, content TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS stopped ON executions (stopped)`;

/**
 * Every execution by name, kept in a file for 90 days after its end: so long AWS refuses the name of a closed one. In
 * memory there is none of them, so that the number of purchases is not felt.
 */
export const openExecutions = (file: string, now: number, max = endedMax): Executions => {
  const database = new DatabaseSync(file);
  // What is written outlives this process at once, and the power with the next checkpoint.
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${tables}`);
  const insert = database.prepare(`
    INSERT INTO executions VALUES (:arn, :machine, :status, :stopped, :content)
    ON CONFLICT (arn) DO UPDATE SET status = :status, stopped = :stopped, content = :content`);
  const byArn = database.prepare('SELECT content FROM executions WHERE arn = ?');
  const unstopped = database.prepare('SELECT content FROM executions WHERE stopped IS NULL');
  const newest = database.prepare(`
    SELECT content FROM executions WHERE machine = :machine AND status = coalesce(:status, status)
    ORDER BY rowid DESC LIMIT ${listedMax}`);
  const prune = database.prepare(`
    DELETE FROM executions WHERE stopped <= coalesce(
      (SELECT stopped FROM executions WHERE stopped IS NOT NULL ORDER BY stopped DESC LIMIT 1 OFFSET :max), 0)`);
  database.prepare('DELETE FROM executions WHERE stopped <= ?').run(now - keptMilliseconds);
  prune.run({ max });
  let ended = 0;

  return {
    find: (arn) => readAll([byArn.get(arn)])[0],
    running: () => readAll(unstopped.all()),
    list: (machine, status) => readAll(newest.all({ machine, status: status ?? null })),
    put: (execution) => {
      const { arn, stateMachineArn: machine, status, stoppedAt: stopped = null } = execution;
      insert.run({ arn, machine, status, stopped, content: JSON.stringify(execution) });
      if (stopped !== null && (ended += 1) % Math.min(pruneEvery, max) === 0) prune.run({ max });
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
};

const readAll = (rows: readonly (Record<string, unknown> | undefined)[]): Execution[] =>
  rows.flatMap((row) => (row ? [executionSchema.parse(JSON.parse(String(row['content'])))] : []));
