import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startFakeCloud, type FakeCloud } from '../../support/cloud/fake-cloud.ts';
import { runCommand, withKey } from '../../support/cloud/run-command.ts';

/*
 * The whole command with the CDK's own command line, against as much of AWS as a deployment asks. CloudFormation itself is not
 * emulated: what it says about a template is proved by `keyun deploy-check` and by a real account.
 */

let cloud: FakeCloud;
let data: string;
beforeEach(async () => {
  cloud = await startFakeCloud();
  cloud.account.toolkit = 25;
  data = mkdtempSync(join(tmpdir(), 'keyun-deploy-'));
});
afterEach(async () => {
  await cloud.stop();
  rmSync(data, { recursive: true, force: true });
});

const run = (args: string) =>
  runCommand(args, { ...withKey('KEY'), AWS_ENDPOINT_URL: cloud.endpoint, KEYUN_DATA_DIR: data });
const deploy = (args = '') => run(`deploy --carrier eu-coach --yes${args}`);
const stackNames = () => [...cloud.account.stacks.keys()];
const asked = (action: string) =>
  cloud.requests
    .filter((request) => request.startsWith(`cloudformation ${action} `))
    .map((each) => each.split(' ')[2]);

/** Data first, because the others use it, and Operators last, because it watches the others. */
const inOrder = ['Keyun-dev-Data', 'Keyun-dev-Selling', 'Keyun-dev-Api', 'Keyun-dev-Operators'];

test('all stacks are deployed in order, then deleted in the order that their exports allow', async () => {
  const { code, stderr } = await deploy(' --operator-email night@coach.example');
  expect({ code, stdout: asked('ExecuteChangeSet') }).toEqual({ code: 0, stdout: inOrder });
  for (const line of [
    /account +123456789012 \(arn:aws:iam::123456789012:user\/clerk\)/,
    /region +eu-central-1/,
    /stage +dev/,
    /carrier +eu-coach/,
    /when idle +about \$\d+\.\d\d a month/,
    /Keyun-dev-Data +new/,
    /\d\. Look whether it answers: curl Keyun-dev-Api\/PublicUrl\/v1\/health/,
    /\d\. Confirm the subscription in the mail to night@coach\.example/,
    /put-secret-value --secret-id Keyun-dev-Data\/AlipaySecretId /,
  ])
    expect(stderr).toMatch(line);
  expect(stderr).not.toMatch(/put-secret-value --secret-id \S+(?:Document|Ticket)Secret/);
  const outputs = JSON.parse(readFileSync(join(data, 'outputs-dev.json'), 'utf8')) as object;
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(['Keyun-dev-Data', 'Keyun-dev-Api']));

  const shown = await run('destroy --stage dev --dry-run');
  expect({ code: shown.code, stacks: stackNames() }).toEqual({ code: 0, stacks: inOrder });
  const destroyed = await run('destroy --stage dev --yes');
  expect({ code: destroyed.code, stacks: stackNames() }).toEqual({ code: 0, stacks: [] });
  const [key] = shown.stderr.match(/aws kms .*/) ?? [];
  expect(destroyed.stderr).toContain(`${key}\n`);
  expect(destroyed.stderr.indexOf('delete-user-pool ')).toBeLessThan(destroyed.stderr.indexOf('aws kms '));
}, 300_000);

test('a first creation that fails is explained, with what it left; the next try begins anew', async () => {
  cloud.account.refuses = { logicalId: 'IdentityUserPool', reason: 'the domain is taken' };
  const failed = await deploy();
  expect(failed.code).toBe(1);
  const lines = failed.stderr.split('\n');
  const explained = lines.slice(lines.findIndex((line) => line.startsWith('keyun: the deployment failed')));
  expect(explained).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /^keyun: Keyun-dev-Data is in state ROLLBACK_COMPLETE: \w+ \(AWS::Cognito::UserPool\): the domain is taken$/,
      ),
      expect.stringMatching(
        /^keyun: {3}aws dynamodb update-table --table-name '\S+' --no-deletion-protection-enabled$/,
      ),
      expect.stringMatching(
        /^keyun: {3}aws kms schedule-key-deletion --key-id '\S+' --pending-window-in-days 7$/,
      ),
    ]),
  );
  expect(explained.join('\n')).not.toMatch(/\n\s+at /);
  expect(existsSync(join(data, 'outputs-dev.json'))).toBe(false);

  cloud.account.refuses = undefined;
  const { code: comparedCode } = await deploy(' --dry-run');
  expect({ code: comparedCode, executed: asked('ExecuteChangeSet') }).toEqual({
    code: 0,
    executed: [inOrder[0]],
  });
  const again = await deploy();
  expect(again.stderr).toMatch(
    /Keyun-dev-Data +its first creation failed \(ROLLBACK_COMPLETE\): deleted, then created again/,
  );
  expect({ code: again.code, stacks: stackNames().sort() }).toEqual({ code: 0, stacks: [...inOrder].sort() });
}, 300_000);

test('a stack that is changing is waited for by the person, not by chance', async () => {
  const template = '{"Resources":{}}';
  for (const status of ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED']) {
    cloud.account.stacks.set('Keyun-dev-Api', {
      name: 'Keyun-dev-Api',
      status,
      template,
      resources: [],
      outputs: {},
    });
    const { code, stderr } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^keyun: Keyun-dev-Api .*then repeat the command\n$/);
  }
  expect(asked('ExecuteChangeSet')).toEqual([]);
}, 300_000);

test('a region that is not prepared is prepared if the person says so, and a toolkit that is too old is told', async () => {
  cloud.account.toolkit = 4;
  const { code, stderr } = await deploy();
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'keyun: aws://123456789012/eu-central-1 has CDK bootstrap version 4, and 6 is needed: add --bootstrap to this command, ' +
      'or run npx cdk bootstrap aws://123456789012/eu-central-1\n',
  });
});

test('a dry run changes nothing, and needs no account', async () => {
  const { code, stderr } = await runCommand('deploy --carrier eu-coach --dry-run', { KEYUN_DATA_DIR: data });
  expect(code).toBe(0);
  expect(stderr).toMatch(/Keyun-dev-Data: \d+ resources\n {2}Keyun-dev-Selling: \d+ resources/);
  expect(stderr).toMatch(/Not compared with what is deployed: no AWS region/);
  expect(stderr).toMatch(/^✓ properties: .*\n✓ references: /m);
  expect(stderr).toMatch(/deploy-check --account --stage dev --carrier eu-coach$/m);
}, 300_000);

/** What Node must be told so that the app's own template has this fault, as a mistake in the app would give it. */
const withFaultyTemplate = (change: string): Readonly<Record<string, string>> => {
  const file = join(data, 'plant.mjs');
  writeFileSync(
    file,
    `import { readFileSync, writeFileSync } from 'node:fs';
    if (/app\\.ts$/.test(process.argv[1] ?? '')) process.on('exit', () => {
      const file = process.env.CDK_OUTDIR + '/Keyun-dev-Data.template.json';
      const template = JSON.parse(readFileSync(file, 'utf8'));
      const [id, table] = Object.entries(template.Resources).find(([id]) => id.startsWith('Bookings'));
      ${change}
      writeFileSync(file, JSON.stringify(template));
    });`,
  );
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
};
const runWith = (args: string, env: Readonly<Record<string, string>>) =>
  runCommand(args, { ...withKey('KEY'), AWS_ENDPOINT_URL: cloud.endpoint, KEYUN_DATA_DIR: data, ...env });

test('a template with a fault is not deployed, and every fault is told', async () => {
  const faulty = withFaultyTemplate('table.Properties.BillingModes = "PAY_PER_REQUEST";');
  for (const args of ['--yes', '--dry-run']) {
    const { code, stderr } = await runWith(`deploy --carrier eu-coach ${args}`, faulty);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^keyun: the checks found faults, and nothing was deployed:\nkeyun: ✗ properties: 1 fault\n/m,
    );
    expect(stderr).toMatch(
      /^keyun: {5}Keyun-dev-Data\/Bookings\w+\.BillingModes: is no property of this type/m,
    );
    expect(stderr).not.toMatch(/Keyun will be deployed|The template is sound|\n\s+at /);
  }
  expect(cloud.requests.filter((request) => /CreateChangeSet|ExecuteChangeSet/.test(request))).toEqual([]);
}, 300_000);

test('what would lose a deployed table is refused, unless the loss is meant', async () => {
  const template = JSON.stringify({
    Resources: {
      OldTable: { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Retain', Properties: { KeySchema: [] } },
    },
  });
  const name = 'Keyun-dev-Data';
  cloud.account.stacks.set(name, { name, status: 'UPDATE_COMPLETE', template, resources: [], outputs: {} });
  const { code, stderr } = await deploy();
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /Keyun-Data\/OldTable: AWS::DynamoDB::Table is gone: .*add --accept-loss if the loss is meant\n$/,
  );
  const meant = await deploy(' --dry-run --accept-loss');
  expect(meant.stderr).toMatch(/Keyun-Data\/OldTable: AWS::DynamoDB::Table is gone/);
  expect(meant.stderr).toMatch(/The template is sound/);
}, 300_000);
