import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment, ProviderName } from '../../../shared/payments/model.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { everythingIn } from '../../support/everything-in.ts';
import { badInput, wrongTypes } from './bad-input.ts';
import { answersOf, moneyWorld, type MoneyWorld } from './money-world.ts';
import { planted, type Signed } from './signed-notices.ts';

/** Whatever comes to the route of a provider and is not the provider's word is refused, and leaves no trace of a person. */

let world: MoneyWorld;
let before: object;
const payments = new Map<ProviderName, Payment>();
beforeAll(async () => {
  world = await moneyWorld();
  const run = await world.nextRun(2);
  for (const [n, name] of providerNames.entries()) {
    const payment = await world.begin(await world.held(run, [n + 1]), name);
    await world.enter(payment);
    payments.set(name, payment);
  }
  before = await everythingIn(world.tables);
});
afterAll(() => world.stop());
beforeEach(() => void (world.lines.length = 0));

const genuine = (name: ProviderName, at = world.time.now): Signed => {
  const payment = payments.get(name);
  if (!payment) throw new Error(`${name} has no payment`);
  return world.noticeOf[name](payment, { at });
};

/** Nothing is stored, and the log says which check failed, quietly and without a word of what came. */
const expectQuiet = async (): Promise<void> => {
  expect(await everythingIn(world.tables)).toEqual(before);
  for (const { level, text } of world.lines) {
    expect(level).toBe('info');
    expect(text).toMatch(/^\["(?:notification refused|a notification of a provider)"/);
    for (const part of Object.values(planted))
      for (const written of [part, encodeURIComponent(part)]) expect(text).not.toContain(written);
  }
};

describe.each(providerNames)('at the route of %s', (name) => {
  const refused = () => answersOf(world.providerOf(name)).refused;

  test.each(badInput[name])('it is refused if %s', async (_, make) => {
    expect(await world.gateway.send(name, make(genuine(name)))).toMatchObject(refused());
    await expectQuiet();
  });

  test('other kinds of content are refused', async () => {
    for (const [what, make] of wrongTypes)
      expect({ what, ...(await world.gateway.send(name, make(genuine(name)))) }).toMatchObject({
        what,
        ...refused(),
      });
    await expectQuiet();
  });

  test('what other providers signed is refused', async () => {
    for (const other of providerNames.filter((each) => each !== name))
      expect(await world.gateway.send(name, genuine(other))).toMatchObject(refused());
    await expectQuiet();
  });

  test('what somebody signed with keys of his own is refused', async () => {
    const forged = world.noticeOf[name](payments.get(name)!, { forged: true });
    expect(await world.gateway.send(name, forged)).toMatchObject(refused());
    await expectQuiet();
  });

  test('any byte of it that is another is noticed', async () => {
    const { headers, body } = genuine(name);
    const bytes = Buffer.from(body);
    const step = Math.ceil(bytes.length / 16);
    for (let at = step - 1; at < bytes.length; at += step) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect({ at, ...(await world.gateway.send(name, { headers, body: changed })) }).toMatchObject({
        at,
        ...refused(),
      });
    }
    await expectQuiet();
  });
});

describe.each(['wechatpay', 'stripe'] as const)('a clock at %s', (name) => {
  test.each([300, 301, -300, -301, 86_400, -86_400])('that is %d seconds off is noticed', async (seconds) => {
    const at = plusSeconds(world.time.now, -seconds);
    expect(await world.gateway.send(name, genuine(name, at))).toMatchObject(
      answersOf(world.providerOf(name)).refused,
    );
    await expectQuiet();
  });
});

describe.each(providerNames)('the gateway before %s', (name) => {
  const empty = { headers: {}, body: '' };

  test('knows no other method, and takes no more than ten megabytes', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH'])
      expect((await world.gateway.send(name, empty, method)).status).toBe(404);
    const huge = { headers: { 'content-type': 'text/plain' }, body: Buffer.alloc(11 * 1024 * 1024, 'x') };
    expect((await world.gateway.send(name, huge)).status).toBe(413);
    expect(world.lines).toEqual([]);
  });

  test.each<[string, (body: string) => Partial<APIGatewayProxyEventV2>]>([
    [
      'base64 that is not marked',
      (body) => ({ body: Buffer.from(body).toString('base64'), isBase64Encoded: false }),
    ],
    ['text that is marked as base64', (body) => ({ body, isBase64Encoded: true })],
    ['no base64 at all', () => ({ body: '%%%', isBase64Encoded: true })],
    ['nothing, marked as base64', () => ({ isBase64Encoded: true })],
  ])('may hand over %s: it is refused', async (_, change) => {
    const { headers, body } = genuine(name);
    const event = { headers, isBase64Encoded: false, requestContext: { requestId: 'r' }, ...change(body) };
    const answer = await world.gateway.call(name, event as unknown as APIGatewayProxyEventV2);
    const { refused } = world.providerOf(name).answers;
    expect(answer).toMatchObject({ statusCode: refused.statusCode, body: refused.body });
    await expectQuiet();
  });
});

describe.each(providerNames)('after all that, %s', (name) => {
  test.each(name === 'alipay' ? [0] : [299, -299])(
    'is believed, with a clock that is %d seconds off',
    async (seconds) => {
      const at = plusSeconds(world.time.now, -seconds);
      const answer = await world.gateway.send(name, genuine(name, at));
      expect(answer).toMatchObject(answersOf(world.providerOf(name)).received);
    },
  );
});
