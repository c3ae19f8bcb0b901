import { commandOf } from '../../../cli/choose-environment.ts';
import { decideEnvironment, type SeenStack } from '../../../cli/stack/decide-environment.ts';
import { stackNamesOf } from '../../../cli/stack/stack-names.ts';

const names = ['Keyun-prod-Data', 'Keyun-prod-Selling', 'Keyun-prod-Api', 'Keyun-prod-Operators'];
const given = { prefix: 'Keyun-prod', names };
const stack = (name: string, status = 'CREATE_COMPLETE', outputs = {}): SeenStack => ({
  name,
  status,
  outputs,
});
const all = (status?: string): SeenStack[] => [
  stack('Keyun-prod-Data', status, { TimetableTable: 'T-1', DocumentSecretId: 'arn:d' }),
  stack('Keyun-prod-Selling', 'UPDATE_COMPLETE', { PurchaseStateMachineArn: 'arn:p' }),
  stack('Keyun-prod-Api', 'UPDATE_COMPLETE', { PublicUrl: 'https://x', KeyunStage: 'prod' }),
  stack('Keyun-prod-Operators'),
];

describe('the stacks of a deployment', () => {
  test('are found by their prefix, or by the name of any of them', () => {
    for (const name of ['Keyun-prod', ...names]) expect(stackNamesOf(name)).toEqual(given);
  });

  test.each(['', 'Keyun prod', '-prod', 'a_b', '../x', 'a'.repeat(200)])(
    'have no name such as "%s"',
    (name) => expect(stackNamesOf(name)).toBeUndefined(),
  );

  test('give each output as the variable that functions read', () => {
    expect(decideEnvironment(given, all(), 'eu-central-1')).toEqual({
      environment: {
        TIMETABLE_TABLE: 'T-1',
        DOCUMENT_SECRET_ID: 'arn:d',
        PURCHASE_STATE_MACHINE_ARN: 'arn:p',
        PUBLIC_URL: 'https://x',
        KEYUN_STAGE: 'prod',
      },
    });
  });

  test.each(['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'])(
    'have their outputs in the status %s',
    (status) => expect(decideEnvironment(given, all(status), 'x')).toHaveProperty('environment'),
  );

  test.each([
    ['CREATE_IN_PROGRESS', /Keyun-prod-Data is not finished: wait/],
    ['REVIEW_IN_PROGRESS', /not finished/],
    ['CREATE_FAILED', /never made.*delete it/],
    ['ROLLBACK_COMPLETE', /never made.*delete it/],
    ['ROLLBACK_IN_PROGRESS', /never made/],
    ['DELETE_IN_PROGRESS', /being deleted/],
  ])('cannot be used in the status %s', (status, why) => {
    const decided = decideEnvironment(given, all(status), 'x');
    expect(decided).toEqual({ refusal: expect.stringMatching(why) });
    expect(decided).toEqual({ refusal: expect.stringContaining(status) });
  });

  test('are all missing in another region, and one after a deployment that stopped', () => {
    expect(decideEnvironment(given, [], 'eu-west-1')).toEqual({
      refusal: expect.stringMatching(/no deployment Keyun-prod in eu-west-1: .*AWS_REGION/),
    });
    expect(decideEnvironment(given, all().slice(0, 2), 'x')).toEqual({
      refusal: expect.stringMatching(/Keyun-prod-Api is missing .*deploy again/),
    });
  });

  test('of another program have no table of ours', () => {
    const others = names.map((name) => stack(name));
    expect(decideEnvironment(given, others, 'x')).toEqual({
      refusal: expect.stringContaining('no output TimetableTable'),
    });
  });
});

test.each([
  [['timetable', 'list'], 'timetable'],
  [['--stack', 'X', 'timetable', 'list'], 'timetable'],
  [['--stack=X', 'timetable', 'list'], 'timetable'],
  [['timetable', '--stack', 'X', 'list'], 'timetable'],
  [['--stack', 'X'], ''],
  [['--stack=X'], ''],
  [['--help'], '--help'],
  [[], ''],
])('the command of %j is "%s"', (words, command) => expect(commandOf(words)).toBe(command));
