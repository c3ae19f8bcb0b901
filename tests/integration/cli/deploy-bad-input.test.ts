import { startFakeCloud, type FakeCloud } from '../../support/cloud/fake-cloud.ts';
import { inRegion, runCommand, withKey } from '../../support/cloud/run-command.ts';

let cloud: FakeCloud;
beforeAll(async () => {
  cloud = await startFakeCloud();
});
afterAll(() => cloud.stop());

const refusedInOneLine = async (args: string, env: Readonly<Record<string, string>>, line: RegExp) => {
  const { code, stdout, stderr } = await runCommand(args, env);
  expect({ code, stdout, lines: stderr.split('\n').slice(0, -1) }).toEqual({
    code: 1,
    stdout: '',
    lines: [expect.stringMatching(line)],
  });
};

describe('what a person types wrong is told in one line', () => {
  test.each([
    ['deploy --carrier eu-coach --stage production', /^keyun: --stage: must be one of dev, prod$/],
    [
      'deploy',
      /^keyun: say which carrier sells here: --carrier <name>, one of air, cn-rail, eu-coach, us-rail$/,
    ],
    [
      'deploy --carrier eu-couch',
      /^keyun: there is no carrier "eu-couch": choose one of air, cn-rail, eu-coach, us-rail$/,
    ],
    ['deploy --carrier eu-coach --mail-from tickets', /^keyun: --mail-from: must be an e-mail address$/],
    [
      'deploy --carrier eu-coach --operator-email me@here',
      /^keyun: --operator-email: must be an e-mail address$/,
    ],
    ['deploy --carrier eu-coach --public-url keyun', /^keyun: --public-url: must be /],
    [
      'deploy --carier eu-coach',
      /^keyun: unknown option '--carier' \(Did you mean --carrier\?\) \(npm run deploy -- --help lists the options\)$/,
    ],
    [
      'deploy --carrier',
      /^keyun: option '--carrier <value>' argument missing \(npm run deploy -- --help lists the options\)$/,
    ],
    ['deploy eu-coach', /^keyun: too many arguments/],
    ['destroy', /^keyun: required option '--stage <name>' not specified/],
    ['destroy --stage test', /^keyun: --stage: must be one of dev, prod$/],
    ['deploy --carrier eu-coach', /^keyun: nobody can be asked without a terminal: add --yes to go ahead$/],
  ])('%s', (args, line) => refusedInOneLine(args, inRegion, line));
});

describe('what is wrong with the account is told in one line', () => {
  const deploy = 'deploy --carrier eu-coach --yes';
  const fake = () => ({ AWS_ENDPOINT_URL: cloud.endpoint });

  test.each([
    ['no region', {}, /^keyun: no AWS region: pass --region <name>, or set AWS_REGION$/],
    ['no credentials', inRegion, /^keyun: no AWS credentials: sign in /],
    ['expired credentials', withKey('EXPIRED'), /^keyun: your AWS session has expired: sign in /],
    ['unknown credentials', withKey('UNKNOWN'), /^keyun: AWS does not know these credentials in this region/],
    [
      'a wrong secret',
      withKey('FORGED'),
      /^keyun: AWS does not know these credentials in this region: check /,
    ],
    ['no rights', withKey('POWERLESS'), /^keyun: your AWS credentials lack a right: refused$/],
    [
      'no bootstrap',
      withKey('KEY'),
      /^keyun: aws:\/\/123456789012\/eu-central-1 has no CDK bootstrap: add --bootstrap/,
    ],
  ])('%s', (_, env, line) => refusedInOneLine(deploy, { ...env, ...fake() }, line));

  test('a profile that is not there', () =>
    refusedInOneLine(
      `${deploy} --profile nobody`,
      withKey('KEY'),
      /^keyun: the AWS profile "nobody" is absent/,
    ));

  test('a region that cannot be', () =>
    refusedInOneLine(`${deploy} --region Frankfurt`, withKey('KEY'), /^keyun: "Frankfurt" is no AWS region/));

  test('no network', () =>
    refusedInOneLine(
      deploy,
      { ...withKey('KEY'), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      /^keyun: cannot reach AWS \(connect ECONNREFUSED 127\.0\.0\.1:1\): check the network$/,
    ));

  test('nothing to destroy', () =>
    refusedInOneLine(
      'destroy --stage dev --yes',
      { ...withKey('KEY'), ...fake() },
      /^keyun: there is nothing of stage dev in eu-central-1 of account 123456789012$/,
    ));
});
