import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../infra/local/run/paths.ts';

/**
 * Runs the CDK's command line of the lock file under this Node, with its output on stderr, and returns its exit code. It reports
 * nothing about this deployment to anybody.
 */
export const runCdk = async (...words: readonly string[]): Promise<number> => {
  const cdk = join(projectRoot, 'node_modules/aws-cdk/bin/cdk');
  const child = spawn(process.execPath, [cdk, ...words, '--no-notices'], {
    cwd: projectRoot,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  // Ctrl-C reaches the child by itself; we wait until it has ended.
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    process.off('SIGINT', wait);
  }
};
