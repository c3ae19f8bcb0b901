import { addingUp, sumsOf, totalsOf } from '../../../shared/ledger/balances.ts';
import { entryOf } from '../../../shared/ledger/rules.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const orderId = orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
const at = instantSchema.parse('2026-12-01T00:00:00.000Z');
const captured = (provider: 'alipay' | 'stripe', amount: number, currency = 'CNY') =>
  entryOf('captured', { orderId, source: 'p', provider, amount: money(amount, currency), at });
const issued = entryOf('issued', { orderId, source: 'o', amount: money(100, 'CNY'), at });

const texts = (lines: ReturnType<ReturnType<typeof addingUp>['standing']>) =>
  lines.map(({ currency, account, provider = '', debit, credit, balance }) =>
    [currency, account, provider, debit, credit, balance].join(' '),
  );

test('clearing has a line for each provider, other accounts have one for each currency', () => {
  const sums = addingUp();
  for (const entry of [captured('stripe', 40), captured('alipay', 100), captured('alipay', 7, 'USD'), issued])
    sums.add(entry);
  expect(texts(sums.takeMoved())).toEqual([
    'CNY clearing alipay 100 0 100',
    'CNY clearing stripe 40 0 40',
    'CNY passengers  100 140 -40',
    'CNY fares  0 100 -100',
    'USD clearing alipay 7 0 7',
    'USD passengers  0 7 -7',
  ]);
});

test('a day has what moved on it, with the balances of all days; an even line stands at nothing', () => {
  const sums = addingUp();
  sums.add(captured('alipay', 100));
  const first = sums.takeMoved();
  sums.add(issued);
  const second = sums.takeMoved();
  expect(texts(second)).toEqual(['CNY passengers  100 0 0', 'CNY fares  0 100 -100']);
  expect(sums.takeMoved()).toEqual([]);
  expect(texts(sums.standing())).toEqual(['CNY clearing alipay 0 0 100', 'CNY fares  0 0 -100']);
  expect(texts(totalsOf([first, second], sums.standing()))).toEqual([
    'CNY clearing alipay 100 0 100',
    'CNY passengers  100 100 0',
    'CNY fares  0 100 -100',
  ]);
  expect(sumsOf(totalsOf([first, second], sums.standing()))).toEqual([
    { currency: 'CNY', debit: 200n, credit: 200n, balance: 0n },
  ]);
});
