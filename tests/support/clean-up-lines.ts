import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keeperOfSecrets } from './keeper-of-secrets.ts';
import type { PurchaseWorld } from './purchase-world.ts';
import { tableEnvironment } from './table-environment.ts';

const root = join(import.meta.dirname, '../..');
const invocation = `
  const { handler } = await import('./functions/schedule/clean-up.ts');
  await handler({}, { functionName: 'clean-up', awsRequestId: '1', getRemainingTimeInMillis: () => 60_000 });
`;

/** The lines from which metrics are made, as the function of every minute writes them to its log. */
export const metricLinesOfCleanUp = async (world: PurchaseWorld): Promise<Record<string, unknown>[]> => {
  const keeper = await keeperOfSecrets({});
  keeper.kept.set('tickets', { text: 's'.repeat(64) });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', invocation],
    {
      cwd: root,
      env: {
        ...tableEnvironment(world.tables, world.time.now),
        ...keeper.environment,
        TICKET_SECRET_ID: 'tickets',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        KEYUN_STAGE: 'test',
      },
    },
  ).finally(() => keeper.stop());
  return stdout
    .split('\n')
    .filter((line) => line.includes('"_aws"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};
