import { knownProviders, providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment, ProviderName } from '../../../shared/payments/model.ts';
import { keeperOfSecrets, type Kept } from '../../support/keeper-of-secrets.ts';
import * as alipay from './alipay-fixture.ts';
import * as stripe from './stripe-fixture.ts';
import * as wechatpay from './wechatpay-fixture.ts';

/** A function that starts while the secret of one provider cannot be read. */

const keys: Readonly<Record<ProviderName, string>> = {
  alipay: JSON.stringify(alipay.secret),
  wechatpay: JSON.stringify(wechatpay.secret),
  stripe: JSON.stringify(stripe.secret),
};
const payments: Readonly<Record<ProviderName, Payment>> = {
  alipay: alipay.payment,
  wechatpay: wechatpay.payment,
  stripe: stripe.payment,
};

let keeper: Awaited<ReturnType<typeof keeperOfSecrets>>;
const before = { ...process.env };
beforeAll(async () => {
  keeper = await keeperOfSecrets(keys);
  Object.assign(process.env, keeper.environment);
});
afterAll(async () => {
  process.env = before;
  await keeper.stop();
});
beforeEach(() => jest.resetModules());
afterEach(() => jest.restoreAllMocks());

const opening = { clock: () => alipay.now, timeLeft: () => 10_000 };

/** A fresh process, with what it logs. */
const freshProcess = async () => {
  const { logger } = await import('../../../shared/platform/log.ts');
  const lines: unknown[][] = [];
  for (const level of ['info', 'warn', 'error'] as const)
    jest.spyOn(logger, level).mockImplementation((...line) => void lines.push([level, ...line]));
  let passed = 0;
  const start = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => start + passed);
  const { paymentProvider, paymentProviders } = await import('../../../shared/payments/providers.ts');
  const { askProvider } = await import('../../../shared/paying/ask-provider.ts');
  return {
    paymentProvider,
    paymentProviders,
    askProvider,
    lines,
    pass: (seconds: number) => (passed += seconds * 1000),
  };
};

const states: [Kept & string, string][] = [
  ['deleted', 'error'],
  ['down', 'warn'],
];
const cases = providerNames.flatMap((name) => states.map(([how, level]) => ({ name, how, level })));

describe.each(cases)('$name, whose secret is $how when a function starts', ({ name, how, level }) => {
  const others = providerNames.filter((other) => other !== name);
  beforeEach(() => void keeper.kept.set(name, how));
  afterEach(() => void keeper.kept.set(name, { text: keys[name] }));

  test('does not keep the function from the others, and is in the log once', async () => {
    const { paymentProviders, lines, pass } = await freshProcess();
    const opened = await paymentProviders(opening);
    expect([...opened.values()].map((provider) => provider.name)).toEqual(others);
    for (const other of others) expect(opened.get(other)).toMatchObject({ name: other });
    // The next calls of the same moment read nothing.
    for (let n = 0; n < 20; n += 1) await paymentProviders(opening);
    const said = lines.filter(([, text]) => String(text).startsWith('a secret'));
    expect(said).toEqual([[level, expect.any(String), expect.objectContaining({ secretId: name })]]);
    keeper.kept.set(name, { text: keys[name] });
    pass(1);
    expect((await paymentProviders(opening)).get(name)).toMatchObject({ name });
  }, 20_000);

  test('is silent to whoever asks about its payments, not switched off, and fails whoever needs it', async () => {
    const { paymentProviders, paymentProvider, askProvider } = await freshProcess();
    const opened = await paymentProviders(opening);
    expect(() => opened.get(name)).toThrow(`${knownProviders[name].title}: its secret cannot be read now`);
    const asking = { findProvider: opened.get, clock: opening.clock };
    const asked = await askProvider(asking, payments[name], (provider) => provider.query(payments[name]));
    expect(asked).toMatchObject({ outcome: 'rejected', reason: 'provider-silent' });
    await expect(paymentProvider(name, opening)).rejects.toThrow();
  }, 20_000);
});
