import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PurchaseWorld } from './purchase-world.ts';
import { tableEnvironment } from './table-environment.ts';
import { withTicketKeys } from './ticket-keys.ts';

const root = join(import.meta.dirname, '../..');
const invocation = `
  const { handler } = await import('./functions/schedule/clean-up.ts');
  await handler({}, { functionName: 'clean-up', awsRequestId: '1', getRemainingTimeInMillis: () => 60_000 });
`;

/** The lines from which metrics are made, as the function of every minute writes them to its log. */
export const metricLinesOfCleanUp = async (world: PurchaseWorld): Promise<Record<string, unknown>[]> => {
  const { stdout } = await withTicketKeys((keys) =>
    promisify(execFile)(process.execPath, ['--input-type=module', '--eval', invocation], {
      cwd: root,
      env: {
        ...tableEnvironment(world.tables, world.time.now),
        ...keys,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        KEYUN_STAGE: 'test',
      },
    }),
  );
  return stdout
    .split('\n')
    .filter((line) => line.includes('"_aws"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};
