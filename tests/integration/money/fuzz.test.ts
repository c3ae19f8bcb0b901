import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment, ProviderName } from '../../../shared/payments/model.ts';
import { everythingIn } from '../../support/everything-in.ts';
import { moneyWorld, type MoneyWorld } from './money-world.ts';

/** Anything at all, and genuine requests with anything in their places: never an error, and never a change. */

const requestsCount = 500;

let world: MoneyWorld;
let before: object;
const payments = new Map<ProviderName, Payment>();
beforeAll(async () => {
  world = await moneyWorld();
  const run = await world.nextRun(2);
  for (const [n, name] of providerNames.entries())
    payments.set(name, await world.begin(await world.held(run, [n + 1]), name));
  before = await everythingIn(world.tables);
});
afterAll(() => world.stop());

type Event = { headers: Record<string, string>; body?: string; isBase64Encoded: boolean };

const headerName = fc.oneof(
  fc.constantFrom('content-type', 'stripe-signature', '__proto__', 'x-forwarded-for'),
  fc.constantFrom('timestamp', 'nonce', 'serial', 'signature').map((part) => `wechatpay-${part}`),
  fc.string(),
);
const anything = fc.record<Event>({
  headers: fc.dictionary(headerName, fc.oneof(fc.string(), fc.constantFrom('t=1,v1=', 'a,a', '0', '-1'))),
  body: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.dictionary(fc.string(), fc.string()).map((fields) => new URLSearchParams(fields).toString()),
    fc.base64String(),
  ),
  isBase64Encoded: fc.boolean(),
});

/** A genuine request in one place of which stands something else. */
const nearly = (genuine: Event): fc.Arbitrary<Event> => {
  const { headers, body = '' } = genuine;
  const places = Object.keys(headers);
  return fc.oneof(
    fc
      .tuple(fc.nat(body.length - 1), fc.nat(20), fc.string({ unit: 'binary', maxLength: 20 }))
      .map(([at, length, text]) => ({
        ...genuine,
        body: body.slice(0, at) + text + body.slice(at + length),
      })),
    fc
      .tuple(fc.constantFrom(...places), fc.string({ unit: 'binary' }))
      .map(([place, text]) => ({ ...genuine, headers: { ...headers, [place]: text } })),
  );
};

test.each(providerNames)(`${requestsCount} requests to %s`, async (name) => {
  const payment = payments.get(name);
  if (!payment) throw new Error(`${name} has no payment`);
  const genuine: Event = { ...world.noticeOf[name](payment), isBase64Encoded: false };
  const { refused } = world.providerOf(name).answers;
  const isGenuine = ({ headers, body, isBase64Encoded }: Event) =>
    body === genuine.body &&
    !isBase64Encoded &&
    // What kind of content it is, nobody signs.
    Object.entries(genuine.headers).every(([key, value]) => key === 'content-type' || headers[key] === value);
  world.lines.length = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(anything, nearly(genuine)).filter((event) => !isGenuine(event)),
      async (event) => {
        const answer = await world.gateway.call(name, event as unknown as APIGatewayProxyEventV2);
        expect(answer).toMatchObject({ statusCode: refused.statusCode, body: refused.body });
      },
    ),
    { numRuns: requestsCount },
  );
  expect(world.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  expect(await everythingIn(world.tables)).toEqual(before);
});
