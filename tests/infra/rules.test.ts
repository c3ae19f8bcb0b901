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
