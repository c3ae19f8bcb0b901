import { costTables } from '../../infra/costs/cost-tables.ts';
import { readCounted, type Counted } from '../../infra/costs/counted.ts';
import { dollarsAfterFree, dollarsOf, readPrices, totalOf } from '../../infra/costs/prices.ts';
import { idleCosts } from '../../infra/costs/idle-costs.ts';
import { ticketCosts } from '../../infra/costs/ticket-costs.ts';
import type { StackTemplate } from '../../infra/local/template/template.ts';
import { currentTemplates } from '../bench/bench-tables.ts';
import { countAgain } from '../bench/costs/count.ts';
import { logBytesOf } from '../bench/costs/log-bytes.ts';
import { costPages, filledPage, textOfPage } from '../bench/costs/pages.ts';

let templates: StackTemplate[];
let counted: Counted;
beforeAll(async () => {
  templates = await currentTemplates();
  counted = await countAgain(templates);
}, 120_000);

const prices = readPrices();

describe('what it costs', () => {
  test('the counts are those of this code: npm run costs -- --write', () => {
    expect(readCounted()).toEqual(counted);
  });

  test.each([
    ['in no time', 0],
    ['so slowly that no process remembers what it has read', 2000],
  ])('what goes %s asks for the same', async (_, milliseconds) => {
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (now += milliseconds));
    try {
      expect(await countAgain(templates)).toEqual(counted);
    } finally {
      jest.restoreAllMocks();
    }
  });

  test.each(costPages)('%s has the tables of this code: npm run costs -- --write', (page) => {
    expect(textOfPage(page)).toBe(filledPage(page, templates, counted));
  });

  test('a change of what is counted, of the template or of a price changes a table', () => {
    const now = costTables(templates, counted, prices);
    const purchase = { ...counted.purchase, transitions: counted.purchase.transitions + 1 };
    expect(costTables(templates, { ...counted, purchase }, prices)['tickets']).not.toBe(now['tickets']);
    const busier = { ...counted, idle: { 'schedule/clean-up': { readUnits: 900, writeUnits: 1 } } };
    expect(costTables(templates, busier, prices)['idle']).not.toBe(now['idle']);
    const secret = { Resources: { Another: { Type: 'AWS::SecretsManager::Secret' } } };
    expect(costTables([...templates, secret], counted, prices)['idle']).not.toBe(now['idle']);
    const dearer = { ...prices, prices: { ...prices.prices, key: { ...prices.prices['key']!, dollars: 2 } } };
    expect(costTables(templates, counted, dearer)['short']).not.toBe(now['short']);
  });

  test('every line has a price, and lines with the same price share what is free', () => {
    const lines = [...idleCosts(templates, counted), ...ticketCosts(counted)];
    expect(lines.map((line) => dollarsOf(prices, line)).every((dollars) => dollars > 0)).toBe(true);
    const metrics = [1, 2].map(() => ({ what: '', units: 8, price: 'metric' }));
    expect(totalOf(prices, metrics)).toBeCloseTo(16 * 0.3);
    expect(dollarsAfterFree(prices, metrics)).toBeCloseTo(6 * 0.3);
  });
});

/** Types that cost nothing while nobody uses them, or that are billed by their use alone; what they store is billed by the GB. */
const freeWhenIdle = [
  'AWS::ApiGatewayV2::',
  'AWS::CDK::Metadata',
  'AWS::CloudFront::',
  'AWS::CloudWatch::',
  'AWS::Cognito::',
  'AWS::DynamoDB::Table',
  'AWS::Events::',
  'AWS::IAM::',
  'AWS::KMS::',
  'AWS::Lambda::',
  'AWS::Logs::',
  'AWS::CodeDeploy::',
  'AWS::S3::',
  'AWS::SES::',
  'AWS::SNS::',
  'AWS::SQS::',
  'AWS::SecretsManager::',
  'AWS::StepFunctions::',
  'AWS::WAFv2::',
];

test('no resource of the template is of a kind that the costs do not know', () => {
  const types = templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));
  expect(types.filter((type) => !freeWhenIdle.some((known) => type.startsWith(known)))).toEqual([]);
});

describe('the log', () => {
  const line = (fields: object) => JSON.stringify(fields);
  const log = [
    line({ message: 'answered', route: 'POST /v1/orders', status: 409 }),
    line({ message: 'answered', route: 'POST /v1/orders', status: 201 }),
    line({ message: 'answered', route: 'POST /v1/orders/{orderId}/payments', status: 201 }),
    line({ message: 'notification received' }),
    line({ message: 'a notification of a provider', NotificationVerified: 1 }),
    line({ message: 'an e-mail to a passenger', event: 'order-held' }),
    line({ message: 'an e-mail to a passenger', event: 'order-issued' }),
    line({ message: 'what needs a person' }),
    line({ message: 'the search for orphaned seats made progress' }),
  ];

  test('of a purchase is its six lines and those of the gateway', () => {
    const bytes = log.slice(1, 7).reduce((sum, text) => sum + text.length + 26, 0);
    expect(logBytesOf(log.join('\n'), 3, '2026-11-27')).toEqual({
      measured: '2026-11-27',
      purchase: bytes + 3 * 426,
      idle: {
        'schedule/clean-up': log[7]!.length + 26,
        'schedule/free-orphans': log[8]!.length + 26,
      },
    });
  });

  test('without a purchase is refused', () => {
    expect(() => logBytesOf(log.slice(0, 1).join('\n'), 3, '2026-11-27')).toThrow('kind 0 of a purchase');
  });
});
