import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checks, runChecks } from '../../infra/check/checks.ts';
import { importBundles } from '../../infra/check/import-bundles.ts';
import type { Check, Finding, ImportedBundle, Subject } from '../../infra/check/model.ts';
import { keptOf } from '../../infra/check/released.ts';
import { releasedChecks } from '../../infra/check/released-check.ts';
import { synthesizePair, synthesizeSubject } from '../../infra/check/synthesize.ts';
import { withFault, type PlantedFault } from './planted-faults.ts';
import { codeFaults } from './planted-code-faults.ts';
import { releaseFaults } from './planted-release-faults.ts';
import { templateFaults } from './planted-template-faults.ts';

let subjects: Subject[];
let subject: Subject;
beforeAll(async () => {
  subjects = await Promise.all([
    synthesizeSubject({ stage: 'prod', carrier: 'cn-rail' }),
    synthesizeSubject({ stage: 'dev', carrier: 'eu-coach' }),
  ]);
  [subject] = subjects as [Subject];
}, 240_000);

/** The findings as lines, with the name of the check. */
const findings = (of: Subject, which?: readonly Check[]): string[] =>
  runChecks(of, which && { which }).flatMap(({ name, findings: found }) =>
    found.map((one) => lineOf(name, one)),
  );
const lineOf = (name: string, { where, what, remedy }: Finding): string =>
  `${name}: ${where}: ${what}. To do: ${remedy}`;

test('what is deployed has no fault, in either stage', () => {
  expect(subjects.map(({ stage, carrier }) => [stage, carrier])).toEqual([
    ['prod', 'cn-rail'],
    ['dev', 'eu-coach'],
  ]);
  for (const one of subjects) {
    expect(one.functions.length).toBeGreaterThan(30);
    expect(findings(one)).toEqual([]);
  }
});

test('a deployment with its own settings is compared with the release without them', async () => {
  const mailFrom = 'tickets@coach.example';
  const { subject: own, plain } = await synthesizePair({ stage: 'dev', carrier: 'eu-coach', mailFrom });
  expect(JSON.stringify(own.stacks)).toContain(mailFrom);
  expect(runChecks(own, { plain }).flatMap(({ findings: found }) => found)).toEqual([]);
}, 240_000);

test('the firewall and the distribution in front have no fault', async () => {
  const front = {
    front: 'on',
    domain: 'booking.coach.example',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/c',
    webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/WebAcl/w',
  };
  const one = await synthesizeSubject({ stage: 'prod', carrier: 'cn-rail', ...front });
  expect(one.stacks.map(({ stackName }) => stackName)).toEqual(
    expect.arrayContaining(['Keyun-prod-Firewall', 'Keyun-prod-Front']),
  );
  expect(findings(one)).toEqual([]);
}, 240_000);

test('where another issuer signs users in, nobody needs a right on a user pool', async () => {
  const elsewhere = { issuer: 'https://id.carrier.example/realms/carrier', audience: 'keyun-api' };
  const one = await synthesizeSubject({ stage: 'prod', carrier: 'cn-rail', ...elsewhere });
  expect(
    findings(
      one,
      checks.filter(({ name }) => name === 'grants'),
    ),
  ).toEqual([]);
}, 240_000);

/** One that the record of the last release cannot hide: it compares with what the templates say today. */
const currentChecks = (): Check[] => {
  const released = { version: 'today', resources: keptOf(subject) };
  return [...checks.filter(({ name }) => !releasedNames.has(name)), ...releasedChecks(() => released)];
};
const releasedNames = new Set(releasedChecks().map(({ name }) => name));

const findFault = (fault: PlantedFault): string[] => {
  const check = currentChecks().find(({ name }) => name === fault.check);
  if (!check) throw new Error(`no check ${fault.check}`);
  return findings(withFault(subject, fault), [check]);
};

describe('a planted fault is found by its check:', () => {
  test.each([...templateFaults, ...codeFaults, ...releaseFaults])('$check: $title', (fault) => {
    const found = findFault(fault);
    expect(found.filter((line) => fault.says.test(line))).not.toEqual([]);
  });

  test('every check has one', () => {
    const planted = [...templateFaults, ...codeFaults, ...releaseFaults].map(({ check }) => check);
    expect([...new Set([...planted, 'bundles'])].sort()).toEqual(checks.map(({ name }) => name).sort());
  });

  test('a new queue is no fault, and a new index alone is none', () => {
    const grown = structuredClone(subject.stacks);
    for (const { Resources } of grown)
      for (const [id, { Type, Properties = {} }] of Object.entries(Resources))
        if (Type === 'AWS::DynamoDB::Table' && id.startsWith('Bookings')) {
          const [first = {}] = Properties['GlobalSecondaryIndexes'] as object[];
          (Properties['GlobalSecondaryIndexes'] as object[]).push({ ...first, IndexName: 'byTrip' });
        }
    grown[0]!.Resources['Another'] = { Type: 'AWS::SQS::Queue', Properties: {} };
    expect(
      findings(
        { ...subject, stacks: grown },
        releasedChecks(() => ({ version: 'today', resources: keptOf(subject) })),
      ),
    ).toEqual([]);
  });
});

describe('a bundle', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  /** What Node says to this code, and what the check makes of it. */
  const imported = async (code: string, handler = 'index.handler') => {
    const folder = mkdtempSync(join(tmpdir(), 'keyun-bundle-'));
    folders.push(folder);
    writeFileSync(join(folder, 'index.mjs'), code);
    const [answer] = await importBundles([{ folder, handler, environment: { NAME: 'value' } }]);
    return findings(
      withImported(answer!),
      checks.filter(({ name }) => name === 'bundles'),
    );
  };
  const withImported = (answer: ImportedBundle): Subject => ({
    ...subject,
    functions: subject.functions.map((one) =>
      one.entry === 'api/about/health' ? { ...one, imported: answer } : one,
    ),
  });

  test.each<[string, string, RegExp | undefined]>([
    [
      'with a handler is sound',
      'export const handler = async (event, context) => [event, context];',
      undefined,
    ],
    [
      'that imports what is not bundled',
      "import 'left-pad'; export const handler = () => 1;",
      /does not load: .*left-pad/,
    ],
    [
      'without a handler',
      'export const handle = async () => 1;',
      /the handler index.handler is undefined, not a function/,
    ],
    ['whose handler is no function', 'export const handler = {};', /the handler index.handler is object/],
    [
      'whose handler waits for a callback',
      'export const handler = (a, b, done) => done(a, b);',
      /takes 3 parameters/,
    ],
    [
      'that calls somebody while it loads',
      "await fetch('http://127.0.0.1:9'); export const handler = () => 1;",
      /does not load/,
    ],
    ['that ends the process', 'process.exit(1);', /does not load: it ends the process/],
    [
      'that lacks a variable',
      "if (!process.env.OTHER) throw new Error('OTHER is not set'); export const handler = () => 1;",
      /OTHER is not set/,
    ],
  ])('%s', async (_, code, says) => {
    const found = await imported(code);
    expect(found).toEqual(says ? [expect.stringMatching(says)] : []);
  });

  test('whose template names another export', async () => {
    expect(await imported('export const handler = async () => 1;', 'index.handle')).toHaveLength(1);
  });
});
