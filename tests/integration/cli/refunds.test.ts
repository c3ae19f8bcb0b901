import type { Run } from '../../../shared/timetable/model.ts';
import { keyunOn, type Ended } from '../../support/keyun-command.ts';
import { declinedRefund } from '../../support/declined-refund.ts';
import { issuedOrder } from '../../support/issued-order.ts';
import { purchaseWorld, type PurchaseWorld } from '../../support/purchase-world.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

const refunds = keyunOn(() => world, 'refunds');
const json = ({ out }: Ended): unknown => JSON.parse(out);
const zhang = ['--by', 'zhang', '--reason', 'topped up'];

test('lists, shows and retries a refund that waits for a person', async () => {
  expect(await refunds('list')).toEqual({ code: 0, out: 'No refund waits for a person\n', err: '' });
  const { orderId, number } = await declinedRefund(world, run);
  expect((await refunds('list')).out).toContain(
    `failed         300.00 CNY  ${number}  refund-declined: ACQ.TRADE_HAS_FINISHED`,
  );
  expect(json(await refunds('list', '--order', orderId, '--json'))).toMatchObject({ refunds: [{ number }] });
  expect((await refunds('show', number)).out).toContain('ACQ.TRADE_HAS_FINISHED');
  expect((await refunds('retry', number, ...zhang)).out).toContain('we try it again within a minute');
  expect(json(await refunds('show', number, '--json'))).toMatchObject({
    number,
    state: 'requested',
    handled: [{ by: 'zhang', did: 'retried', reason: 'topped up' }],
  });
  // It is tried anyway: from now on a retry only hurries it.
  expect((await refunds('retry', number, ...zhang)).code).toBe(0);
  expect(await refunds('retry', `${orderId}_9_whole`, ...zhang)).toMatchObject({
    code: 1,
    err: `keyun: no refund has the number ${orderId}_9_whole\n`,
  });
});

test('gives money of an issued order back, once for a key, and says what is left', async () => {
  const { orderId, payment } = await issuedOrder(world, run);
  const give = (amount: string, key: string) =>
    refunds('give', orderId, '--amount', amount, '--key', key, '--by', 'zhang', '--reason', 'heating');
  const first = await give('12.50', 'a');
  expect(first.out).toContain('12.50 CNY goes back');
  expect(first.out).toContain(`${payment.paymentId}_give_`);
  expect((await give('12.50', 'a')).out).toContain('12.50 CNY was given back before');
  expect((await give('12.51', 'a')).err).toContain('this key has given another amount back before');
  expect((await give('287.51', 'b')).err).toContain('only 287.50 CNY of what the order paid is left');
  for (const amount of ['0', '-1', '1.234', '1e2', 'x'])
    expect((await refunds('give', orderId, `--amount=${amount}`, ...zhang)).err).toContain(
      '--amount must be',
    );
  expect((await refunds('give', orderId, '--amount', '1', '--key', ' ', ...zhang)).err).toContain(
    '--key must not be empty',
  );
  expect((await refunds('give', 'x', '--amount', '1', ...zhang)).err).toBe('keyun: no order has the id x\n');
});

test('without a key says one before it gives, so that a command that breaks off can be repeated', async () => {
  const { orderId } = await issuedOrder(world, run);
  const give = (...more: string[]) => refunds('give', orderId, '--amount', '12.50', ...zhang, ...more);
  for (const flags of [[], ['--json']]) {
    const first = await give(...flags);
    expect(first.code).toBe(0);
    const [, key = ''] = /with --key (\S+)/.exec(first.err) ?? [];
    const again = await give('--key', key, '--json');
    expect([again.err, json(again)]).toEqual(['', expect.objectContaining({ now: 'given-before', key })]);
  }
  expect(json(await refunds('list', '--order', orderId, '--json'))).toMatchObject({ refunds: [{}, {}] });
});
