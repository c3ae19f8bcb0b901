/**
 * `node tests/bench/bills/run.ts --payments 100000 --missing 0`: how long a day with a big bill takes to compare, how much
 * memory, how many requests to the tables. The books are on an emulator of their own; a process of its own does the work of each
 * call, as a function would, until the day has its report. Then one call compares the day again.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { documentClient } from '../../../shared/platform/dynamo.ts';
import { reconcileDay } from '../../../shared/reconciliation/reconcile-day.ts';
import { bookKeepingProvider } from '../../support/book-keeping-provider.ts';
import { by } from '../../support/faulty-table.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { currentTemplates, withBenchTables } from '../bench-tables.ts';
import { bigDay, bigProvider, morningAfter, seedBooks } from './big-day.ts';

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '100000' },
    missing: { type: 'string', default: '0' },
    /** How long one call may ask; the next one goes on. */
    seconds: { type: 'string', default: '860' },
    /** The process that is measured: its tables are those of the process that started it. */
    measure: { type: 'boolean', default: false },
  },
});
const day = { payments: Number(values.payments), missing: Number(values.missing) };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`;

const measure = async (): Promise<void> => {
  const { DYNAMO_ENDPOINT: endpoint = '', BOOKINGS: name = '' } = process.env;
  const base = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let requests = 0;
  const counted = by({ client: documentClient(base), name }, (command, send) => {
    requests += 1;
    return send(command);
  });
  const bookings = { ...counted, name };
  const provider = bigProvider(day, bookKeepingProvider().provider);
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const dependencies = {
    bookings,
    clock: () => morningAfter,
    carrier: sampleCarrier,
    findProvider: () => provider,
  };
  const until = began + Number(values.seconds) * 1000;
  const result = await reconcileDay(dependencies)(bigDay, () => performance.now() < until);
  const seconds = (performance.now() - began) / 1000;
  const found = result.outcome === 'accepted' ? `${result.report.open} open` : result.reason;
  // The most that the process ever had, in kilobytes.
  const most = process.resourceUsage().maxRSS * 1024;
  const { user, system } = process.cpuUsage();
  const cpu = ((user + system) / 1e6).toFixed(1);
  say(
    `${day.payments} payments, ${day.missing} missing on each side: ${found}; ${seconds.toFixed(1)} s, ${cpu} s of a processor, ${requests} requests, ${megabytes(most)} at most, ${megabytes(before)} before`,
  );
  base.destroy();
  // Another call must go on.
  if (result.outcome === 'rejected') process.exitCode = 2;
};

/** Whether the call has made the report. */
const call = (env: NodeJS.ProcessEnv): boolean => {
  const again = [process.argv[1] ?? '', '--measure', ...process.argv.slice(2)];
  return spawnSync(process.execPath, again, { env, stdio: 'inherit' }).status === 0;
};

const callsMax = 50;

if (values.measure) {
  await measure();
} else {
  await withBenchTables(await currentTemplates(), async ({ bookings }) => {
    const began = performance.now();
    await seedBooks(bookings, day);
    say(`the books took ${((performance.now() - began) / 1000).toFixed(1)} s to write`);
    const { protocol, hostname, port } = (await bookings.client.config.endpoint?.()) ?? {};
    const endpoint = `${protocol}//${hostname}:${port}`;
    const env = { ...process.env, DYNAMO_ENDPOINT: endpoint, BOOKINGS: bookings.name };
    let calls = 1;
    while (!call(env) && calls < callsMax) calls += 1;
    say(`the report took ${calls} ${calls === 1 ? 'call' : 'calls'}; the day is compared again`);
    call(env);
  });
}
