/**
 * The whole check, in one command: `npm test`. Or parts of it: `npm test -- lint unit`.
 *
 * First everything that judges the code without running it, two at a time, then jest. Nothing stops at the first
 * failure; the last line counts what passed and what failed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const atOnce = 2;
const jestMinutesMax = 25;
const checkMinutesMax = 5;
const running = new Set<ChildProcess>();

/** Each is a program of node_modules/.bin, or `node` itself. */
const checks: Record<string, string[]> = {
  typecheck: ['tsc', '--noEmit'],
  synth: ['node', 'infra/app.ts'],
  lint: ['oxlint', '--deny-warnings'],
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  imports: [
    'depcruise',
    'functions',
    'shared',
    'infra',
    'cli',
    'tests',
    '--config',
    '.dependency-cruiser.cjs',
  ],
  unused: ['knip', '--no-progress'],
};
/** The folders that hold tests; others hold what tests share, or programs of their own. */
const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) =>
    readdirSync(join(import.meta.dirname, name), { recursive: true, encoding: 'utf8' }).some((path) =>
      path.endsWith('.test.ts'),
    ),
  );

interface Count {
  passed: number;
  failed: number;
}

const asked = process.argv.slice(2);
const known = [...Object.keys(checks), ...folders];
const unknown = asked.filter((part) => !known.includes(part));
if (unknown.length > 0) {
  console.error(`npm test knows no part "${unknown.join('", "')}". Its parts: ${known.join(', ')}.`);
  process.exit(2);
}
for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(event, endNow);
process.channel?.unref();

const isAsked = (part: string) => asked.length === 0 || asked.includes(part);

const counts = [
  await runChecks(Object.entries(checks).filter(([name]) => isAsked(name))),
  await runJest(folders.filter(isAsked)),
];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function endNow() {
  for (const child of running) child.kill('SIGTERM');
  process.exit(130);
}

async function runChecks(waiting: [string, string[]][]): Promise<Count> {
  const count = { passed: 0, failed: 0 };
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, command] = next;
      const started = performance.now();
      const { code, output } = await run(command, 'pipe');
      const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
      console.log(`${code === 0 ? '✓' : '✗'} ${name} (${took})`);
      if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '    '));
      count[code === 0 ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return count;
}

async function runJest(parts: string[]): Promise<Count> {
  if (parts.includes('feeds') && !process.env['KEYUN_SHARED_DATA']) {
    console.log('- feeds: left out, since KEYUN_SHARED_DATA does not name a folder with the big feeds');
  }
  if (parts.length === 0) return { passed: 0, failed: 0 };
  mkdirSync(join(root, '.keyun'), { recursive: true });
  const report = join(root, `.keyun/jest-${process.pid}.json`);
  const paths = parts.map((part) => `tests/${part}/`);
  const { code } = await run(['jest', ...paths, '--json', '--outputFile', report], 'inherit');
  const count = readReport(report);
  rmSync(report, { force: true });
  // Jest can fail without a failed test (an open handle, a broken configuration): that counts as one.
  return { ...count, failed: code === 0 ? count.failed : Math.max(count.failed, 1) };
}

function readReport(path: string): Count {
  if (!existsSync(path)) return { passed: 0, failed: 0 };
  const report = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
  const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0 } = report;
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

function run(
  [program, ...args]: string[],
  output: 'pipe' | 'inherit',
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const command = program === 'node' ? process.execPath : join(root, 'node_modules/.bin', program ?? '');
    const timeout = (program === 'jest' ? jestMinutesMax : checkMinutesMax) * 60_000;
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', output, output],
      timeout,
      killSignal: 'SIGKILL',
    });
    running.add(child);
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output: text });
    });
  });
}
