/**
 * `node tests/bench/bills/run.ts --payments 100000 --missing 0`: how long a day with a big bill takes to compare, and how much
 * memory. The books are on an emulator of their own; a process of its own does the work, as a function would.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { documentClient } from '../../../shared/platform/dynamo.ts';
import { reconcileDay } from '../../../shared/reconciliation/reconcile-day.ts';
import { bookKeepingProvider } from '../../support/book-keeping-provider.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { currentTemplates, withBenchTables } from '../bench-tables.ts';
import { bigDay, bigProvider, morningAfter, seedBooks } from './big-day.ts';

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '100000' },
    missing: { type: 'string', default: '0' },
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
  const bookings = { client: documentClient(base), name };
  const provider = bigProvider(day, bookKeepingProvider().provider);
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const dependencies = {
    bookings,
    clock: () => morningAfter,
    carrier: sampleCarrier,
    findProvider: () => provider,
  };
  const result = await reconcileDay(dependencies)(bigDay, () => true);
  const seconds = (performance.now() - began) / 1000;
  const found = result.outcome === 'accepted' ? `${result.report.open} open` : result.reason;
  // The most that the process ever had, in kilobytes.
  const most = process.resourceUsage().maxRSS * 1024;
  say(
    `${day.payments} payments, ${day.missing} missing on each side: ${found}; ${seconds.toFixed(1)} s, ${megabytes(most)} at most, ${megabytes(before)} before`,
  );
  base.destroy();
};

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
    const again = [process.argv[1] ?? '', '--measure', ...process.argv.slice(2)];
    for (const run of ['first', 'second']) {
      say(`the ${run} run`);
      spawnSync(process.execPath, again, { env, stdio: 'inherit' });
    }
  });
}
