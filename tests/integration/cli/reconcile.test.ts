import { money } from '../../../shared/platform/money.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { keyunOn } from '../../support/keyun-command.ts';
import {
  morningAfter,
  reconcilingWorld,
  rowOfPayment,
  type ReconcilingWorld,
} from '../../support/reconciling-world.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

let world: ReconcilingWorld;
beforeEach(async () => {
  world = await reconcilingWorld();
  world.wait(instantSchema.parse('2026-12-01T08:00:00.000Z'));
});
afterEach(() => world.stop());

const keyun = keyunOn(() => world);

test('a day that is none, no day, and no provider are each one clear line', async () => {
  expect(await keyun('reconcile', '--date', '2026-13-01')).toMatchObject({
    code: 1,
    err: expect.stringContaining('must be a day such as 2026-12-01') as string,
  });
  expect(await keyun('reconcile')).toMatchObject({
    code: 1,
    err: 'keyun: which day? For example --date 2026-12-01\n',
  });
  expect(await keyun('reconcile', '--date', '2026-12-01')).toMatchObject({
    code: 1,
    err: 'keyun: no payment provider is switched on\n',
  });
  expect(await keyun('reconcile', '--date', '2026-12-01', '--provider', 'stripe')).toMatchObject({
    code: 1,
    err: 'keyun: Stripe is switched off: its secret has no keys\n',
  });
});

test('open differences are listed until a person settles their report', async () => {
  expect(await keyun('reconcile', 'list')).toEqual({ code: 0, out: 'No report needs a person\n', err: '' });
  const payment = await world.sell(await world.nextRun(2), 1);
  world.movements[0] = rowOfPayment(payment, world.time.now, { amount: money(1, 'CNY') });
  world.wait(morningAfter);
  await world.report();
  const { out } = await keyun('reconcile', 'list');
  expect(out).toContain('Alipay, 2026-12-01: 1 amount; edition 1, since 2026-12-02T03:00:00.000Z');
  expect(out).toMatch(new RegExp(`amount +payment +${payment.paymentId} +ours [\\d.]+ CNY, theirs 0.01 CNY`));
  const json = JSON.parse((await keyun('reconcile', 'list', '--json')).out) as unknown;
  expect(json).toMatchObject([{ provider: 'alipay', open: 1, differences: [{ number: payment.paymentId }] }]);
  const shown = (await keyun('attention', 'show', 'alipay-2026-12-01')).out;
  expect(shown).toContain('bill-differs');
  const seen = /--seen (\w+)/.exec(shown)?.[1] ?? '';
  const settled = await keyun(
    'attention',
    'settle',
    'alipay-2026-12-01',
    '--by',
    'zhang',
    '--reason',
    'corrected',
    '--seen',
    seen,
  );
  expect(settled).toMatchObject({ code: 0, out: 'alipay-2026-12-01 no longer needs a person\n' });
  expect((await keyun('reconcile', 'list')).out).toBe('No report needs a person\n');
});
