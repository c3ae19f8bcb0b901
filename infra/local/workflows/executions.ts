import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

const executionSchema = z.object({
  arn: z.string(),
  name: z.string(),
  stateMachineArn: z.string(),
  status: z.enum(statuses),
  /** The JSON text, unchanged. */
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
  /** On disk when it returns, so that nobody can use a name twice. */
  put(execution: Execution): void;
  close(): void;
};

const keptMilliseconds = 90 * 24 * 3_600_000;
/** The number of ended executions that we keep. Names contain ids that never repeat, so nobody misses the oldest. */
const endedMax = 20_000;
const pruneEvery = 500;
/** The page size of AWS. */
const listedMax = 100;

const tables = `
  CREATE TABLE IF NOT EXISTS executions (
    arn TEXT PRIMARY KEY, machine TEXT NOT NULL, status TEXT NOT NULL, stopped REAL, content TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS stopped ON executions (stopped)`;

/**
 * Every execution by name, in a file until 90 days after its end, because AWS refuses the name of a closed execution
 * for that long. None of them is in memory, so that the number of purchases does not matter.
 */
export const openExecutions = (file: string, now: number, max = endedMax): Executions => {
  const database = new DatabaseSync(file);
  // Each write survives the end of this process at once, and a power failure after the next checkpoint.
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
