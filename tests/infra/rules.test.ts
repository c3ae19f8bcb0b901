import { functionNames } from '../../infra/constructs/grants.ts';
import { codeOfFunctions, functionOfRoute } from '../../infra/constructs/match-functions.ts';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** An app of one topic, checked as ours is. */
const appOfOneTopic = (topicProperties: string): string => `
  import { App, Stack } from 'aws-cdk-lib';
  import { Topic } from 'aws-cdk-lib/aws-sns';
  import { checkEverything } from './infra/constructs/check-everything.ts';
  const app = new App({ outdir: process.env.CDK_OUTDIR });
  checkEverything(app);
  new Topic(new Stack(app, 'Stack'), 'Topic', ${topicProperties});
  app.synth();
`;

const run = (program: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'keyun-assembly-'));
  try {
    return spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: folder },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

test('a template that breaks a rule does not synthesize, and the rule is named', () => {
  const { status, stderr } = run(appOfOneTopic('{}'));
  expect(status).not.toBe(0);
  expect(stderr).toContain('AwsSolutions-SNS3');
}, 60_000);

test('one that keeps the rules does', () => {
  expect(run(appOfOneTopic('{ enforceSSL: true }')).status).toBe(0);
}, 60_000);

describe('the files, their grants and the routes', () => {
  const bundles = functionNames.map((entry) => ({ entry, directory: `dist/functions/${entry}` }));

  test('go together', () => {
    expect(codeOfFunctions(bundles)['api/orders/place-order']).toBe('dist/functions/api/orders/place-order');
  });

  test('a file that nobody granted anything is named', () => {
    expect(() => codeOfFunctions([...bundles, { entry: 'api/sell-all', directory: '' }])).toThrow(
      'functions/api/sell-all.ts has no line in infra/constructs/grants.ts',
    );
  });

  test('a grant without a file is named', () => {
    expect(() => codeOfFunctions(bundles.slice(1))).toThrow(
      `functions/${bundles[0]?.entry}.ts, which does not exist`,
    );
  });

  test('a route to nowhere is named', () => {
    expect(() =>
      functionOfRoute({ method: 'GET', path: '/v1/moon', function: 'api/go-to-moon' }, {}),
    ).toThrow('GET /v1/moon names functions/api/go-to-moon.ts, which does not exist');
  });
});
