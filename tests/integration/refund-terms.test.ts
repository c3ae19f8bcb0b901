import { isPaidTwice, type Refund } from '../../shared/payments/model.ts';
import type { PaymentProvider, ProviderRefund } from '../../shared/payments/provider.ts';
import { readRefund } from '../../shared/payments/refunds-store.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { secondsBetween, type Instant } from '../../shared/platform/time.ts';
import { listWhatNeedsAPerson, retryAttention, settle } from '../../shared/upkeep/attention.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { requestedRefund } from '../support/declined-refund.ts';
import { dyingAt } from '../support/stopping-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

/* A refund by the times of a provider that wants a minute between two sends of one number, and ten seconds before it is asked. */

let world: PurchaseWorld;
let run: Run;
/** What the provider was sent, and when. */
let sends: Instant[];
let queries: Instant[];
/** The provider's next answers to a send and to a question; its own books answer where there is none. */
let sendAnswers: ProviderRefund[];
let queryAnswers: ProviderRefund[];
let provider: PaymentProvider;
beforeEach(async () => {
  world = await purchaseWorld();
  Object.assign(world.bank.refundTerms, { queryAfterSeconds: 10, sendAgainAfterSeconds: 60 });
  [sends, queries, sendAnswers, queryAnswers] = [[], [], [], []];
  const { provider: books } = world.bank;
  provider = {
    ...books,
    refund: async (payment, refund) => {
      sends.push(world.clock());
      const answer = await books.refund(payment, refund);
      return sendAnswers.shift() ?? answer;
    },
    queryRefund: async (payment, refund) => {
      queries.push(world.clock());
      const answer = await books.queryRefund(payment, refund);
      return queryAnswers.shift() ?? answer;
    },
  };
  Object.assign(world, { findProvider: () => provider });
  Object.assign(world.dependencies, { findProvider: () => provider });
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

const times = (count: number, answer: ProviderRefund): ProviderRefund[] =>
  Array.from({ length: count }, () => answer);

const li = { by: 'li', reason: 'looked at it' };

/** A refund that nobody has sent yet. */
const requested = async () => {
  provider = { ...provider, refund: provider.refund };
  const { refund } = provider;
  Object.assign(provider, { refund: () => Promise.reject(new Error('not yet')) });
  const made = await requestedRefund(world, run);
  Object.assign(provider, { refund });
  return made;
};

const standing = async (orderId: OrderId, number: string): Promise<Refund> => {
  const refund = await readRefund(world.bookings, orderId, number);
  if (!refund) throw new Error(`there is no ${number}`);
  return refund;
};

const attention = async () =>
  (await listWhatNeedsAPerson(world.bookings, { perShardMax: 100 })).items.map(
    ({ attention: { kind, why } }) => `${kind}: ${why}`,
  );

/** Time goes on, and the clean-up comes every so many seconds. */
const pass = async (seconds: number, step = 5): Promise<void> => {
  for (let passed = 0; passed < seconds; passed += step) {
    world.pass(step);
    await world.sweep();
  }
};

const shortestGap = (): number =>
  Math.min(...sends.slice(1).map((at, index) => secondsBetween(sends[index] ?? at, at)));

const noticed = (number: string, paymentNumber: string, notificationId = 'r-1') =>
  recordNotification(world)('alipay', {
    notificationId,
    paymentNumber,
    says: { kind: 'refunded', refundNumber: number },
  });

describe('a refund', () => {
  test('is sent once by events and clean-ups that come at once', async () => {
    const { orderId, number } = await requested();
    await Promise.all([
      ...Array.from({ length: 6 }, () => submitRefund(world)(orderId, number)),
      world.sweep(),
      world.sweep(),
    ]);
    expect(sends).toHaveLength(1);
    expect((await standing(orderId, number)).state).toBe('succeeded');
    await world.expectClean(run);
  });

  test('is never sent or asked about sooner than the terms allow, whoever tries, and how often', async () => {
    const { orderId, number } = await requested();
    sendAnswers = times(5, { state: 'declined', why: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' });
    queryAnswers = times(500, { state: 'not-exist' });
    await submitRefund(world)(orderId, number);
    for (let tries = 0; tries < 80; tries += 1) {
      await retryAttention(world)(number, li);
      await Promise.all([submitRefund(world)(orderId, number), world.sweep()]);
      world.pass(3);
    }
    expect(sends.length).toBeGreaterThan(3);
    expect(shortestGap()).toBeGreaterThanOrEqual(60);
    for (const at of queries)
      for (const sent of sends.filter((each) => each < at))
        expect(secondsBetween(sent, at)).toBeGreaterThanOrEqual(10);
  });

  test('that a person retries right after it was declined for good waits for the terms', async () => {
    const { orderId, number } = await requested();
    sendAnswers = [{ state: 'failed', why: 'ACQ.TRADE_HAS_FINISHED' }];
    await submitRefund(world)(orderId, number);
    expect((await retryAttention(world)(number, li)).outcome).toBe('accepted');
    await pass(55);
    expect(sends).toHaveLength(1);
    await pass(15);
    expect(sends).toHaveLength(2);
    expect(shortestGap()).toBeGreaterThanOrEqual(60);
    expect((await standing(orderId, number)).state).toBe('succeeded');
  });

  test.each(
    [1, 2, 3].flatMap((n) => [
      { n, when: 'before' as const },
      { n, when: 'after' as const },
    ]),
  )('of a function that dies $when its write $n goes back once, within the terms', async ({ n, when }) => {
    const { orderId, number, payment } = await requested();
    sendAnswers = [{ state: 'processing' }];
    const { tables, death, state } = dyingAt([world.bookings], n, when);
    const dead: PaymentProvider = {
      ...provider,
      refund: (...asked) => (state.isDead ? new Promise(() => undefined) : provider.refund(...asked)),
    };
    const [bookings = world.bookings] = tables;
    await Promise.race([
      submitRefund({ ...world, bookings, findProvider: () => dead })(orderId, number),
      death,
    ]);
    await pass(200);
    expect((await standing(orderId, number)).state).toBe('succeeded');
    expect(world.bank.backOf(payment.paymentId)).toBe(payment.amount.amount);
    if (sends.length > 1) expect(shortestGap()).toBeGreaterThanOrEqual(60);
    await world.standing(orderId, 'refunded');
    await world.expectClean(run);
  });

  test.each([true, false])('whose send got no answer goes back once; it was heard: %s', async (heard) => {
    const { orderId, number, payment } = await requested();
    const { refund: hear } = world.bank.provider;
    const { refund } = provider;
    Object.assign(provider, {
      refund: async (...asked: Parameters<typeof hear>) => {
        sends.push(world.clock());
        if (heard) await hear(...asked);
        throw Object.assign(new Error('no answer'), { name: 'TransientFailure' });
      },
    });
    await submitRefund(world)(orderId, number);
    Object.assign(provider, { refund });
    await pass(120);
    expect((await standing(orderId, number)).state).toBe('succeeded');
    expect(sends).toHaveLength(heard ? 1 : 2);
    expect(world.bank.backOf(payment.paymentId)).toBe(payment.amount.amount);
    await world.expectClean(run);
  });
});

describe('a refund that was accepted', () => {
  const submitted = async () => {
    const made = await requested();
    sendAnswers = [{ state: 'processing' }];
    await submitRefund(world)(made.orderId, made.number);
    return made;
  };

  test('and is under way for days is asked about, told to a person after an hour, and confirmed in the end', async () => {
    const { orderId, number } = await submitted();
    queryAnswers = times(60, { state: 'processing' });
    await pass(2 * 86_400, 3600);
    expect(sends).toHaveLength(1);
    expect(await attention()).toEqual(['refund-unconfirmed: the provider says that it is under way']);
    queryAnswers = [];
    await pass(3600, 3600);
    expect((await standing(orderId, number)).state).toBe('succeeded');
    expect(await attention()).toEqual([]);
    await world.expectClean(run);
  });

  test('and that the provider then does not know is sent again by its number', async () => {
    const { orderId, number, payment } = await submitted();
    queryAnswers = [{ state: 'not-exist' }, { state: 'not-exist' }, { state: 'not-exist' }];
    await pass(300);
    expect(sends.length).toBeGreaterThan(1);
    expect(shortestGap()).toBeGreaterThanOrEqual(60);
    expect((await standing(orderId, number)).state).toBe('succeeded');
    expect(world.bank.backOf(payment.paymentId)).toBe(payment.amount.amount);
  });

  test.each(['ABNORMAL', 'CLOSED'])(
    'and then is %s waits for a person at once, and is sent no more',
    async (why) => {
      const { orderId, number } = await submitted();
      queryAnswers = [{ state: 'failed', why }];
      world.pass(30);
      await noticed(number, number.replace('_whole', ''));
      await submitRefund(world)(orderId, number);
      expect((await standing(orderId, number)).state).toBe('failed');
      expect(await attention()).toEqual([`refund-declined: ${why}`]);
      queryAnswers = [{ state: 'failed', why }];
      await pass(86_400, 21_600);
      expect(sends).toHaveLength(1);
      expect((await standing(orderId, number)).state).toBe('succeeded');
    },
  );
});

describe('a notification about a refund', () => {
  test('has it asked about at once, although it was sent a moment ago, and moves nothing itself', async () => {
    const { orderId, number, payment } = await requested();
    sendAnswers = [{ state: 'processing' }];
    await submitRefund(world)(orderId, number);
    world.pass(1);
    await submitRefund(world)(orderId, number);
    expect(queries).toHaveLength(0);
    expect(await noticed(number, payment.paymentId)).toMatchObject({ outcome: 'accepted' });
    expect((await standing(orderId, number)).state).toBe('submitted');
    await submitRefund(world)(orderId, number);
    expect((await standing(orderId, number)).state).toBe('succeeded');
    await world.standing(orderId, 'refunded');
    await world.expectClean(run);
  });

  test('without a number is about all refunds of the payment; of another’s number, about none', async () => {
    const { orderId, number, payment } = await requested();
    await recordNotification(world)('alipay', {
      notificationId: 'r-2',
      paymentNumber: payment.paymentId,
      says: { kind: 'refunded' },
    });
    expect((await standing(orderId, number)).noticedAt).toBe(world.clock());
    for (const other of ['by-hand-at-the-provider', `${payment.paymentId.slice(0, -1)}2_whole`])
      expect(await noticed(other, payment.paymentId)).toMatchObject({ outcome: 'accepted' });
    expect(world.bank.backOf(payment.paymentId)).toBe(0);
  });

  test('of a refund that is back and failed after all: it is owed again, and a person pays it (T39)', async () => {
    const { orderId, number, payment } = await requested();
    await submitRefund(world)(orderId, number);
    expect((await standing(orderId, number)).state).toBe('succeeded');
    world.pass(3 * 86_400);
    await noticed(number, payment.paymentId);
    const failed = { state: 'failed', why: 'lost_or_stolen_card' } as const;
    const twice = times(2, failed);
    queryAnswers = [...twice];
    await Promise.all([submitRefund(world)(orderId, number), submitRefund(world)(orderId, number)]);
    expect(await standing(orderId, number)).toMatchObject({ state: 'failed', returnedAt: world.clock() });
    expect(await attention()).toEqual(['refund-declined: taken back after it was paid: lost_or_stolen_card']);
    await world.standing(orderId, 'refunded');
    await world.expectClean(run);
    expect(await retryAttention(world)(number, li)).toMatchObject({ reason: 'only-by-hand' });
    queryAnswers = [...twice, ...twice];
    expect(await settle(world)(number, li)).toMatchObject({ now: 'pay-by-hand' });
    expect(await settle(world)(number, li, { paid: true })).toMatchObject({ now: 'settled' });
    const settled = await standing(orderId, number);
    expect([settled.state, isPaidTwice(settled)]).toEqual(['settled', false]);
    expect(await attention()).toEqual([]);
    await world.expectClean(run);
    expect(sends).toHaveLength(1);
  });

  test('of a refund that is back and stays so changes nothing', async () => {
    const { orderId, number, payment } = await requested();
    await submitRefund(world)(orderId, number);
    world.pass(60);
    await noticed(number, payment.paymentId);
    await world.sweep();
    expect(await standing(orderId, number)).toMatchObject({ state: 'succeeded' });
    expect((await standing(orderId, number)).dueAt).toBeUndefined();
    await world.expectClean(run);
  });
});
