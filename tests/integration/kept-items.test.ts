import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/local/run/paths.ts';
import { acceptRefundOffer } from '../../shared/after-sale/accept-offer.ts';
import { makeRefundOffer } from '../../shared/after-sale/make-offer.ts';
import { putWrongUse } from '../../shared/check-ins/wrong-uses-store.ts';
import { scanSegment } from '../../shared/audit/store.ts';
import type { Owner } from '../../shared/inventory/model.ts';
import { entryOf } from '../../shared/ledger/rules.ts';
import { putCosts } from '../../shared/ledger/store.ts';
import { noConfirmedAddress } from '../../shared/notifications/confirmed-address.ts';
import { sendNotification } from '../../shared/notifications/send-notification.ts';
import { readOrder, voidOrder } from '../../shared/orders/store.ts';
import { putSuspect } from '../../shared/orders/suspects-store.ts';
import type { Payment } from '../../shared/payments/model.ts';
import { writeTogether, type Item } from '../../shared/platform/dynamo.ts';
import {
  gateIdSchema,
  itemIdSchema,
  orderIdSchema,
  runIdSchema,
  serviceDateSchema,
  ticketIdOf,
  useIdSchema,
  type OrderId,
} from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { settle } from '../../shared/upkeep/attention.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { underLease } from '../../shared/upkeep/under-lease.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { grantedBy, refundedFor } from '../../shared/paying/refunded-for.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import { kinds } from '../../shared/bookings/kinds.ts';
import { keepAnswers } from '../../shared/reconciliation/answers-store.ts';
import type { Finding } from '../../shared/reconciliation/model.ts';
import { publishReport } from '../../shared/reconciliation/publish-report.ts';
import { emptyBillTotals, emptyBookTotals } from '../../shared/reconciliation/tallies.ts';
import { noteRun } from '../../shared/runs/due-store.ts';
import { announce } from '../../shared/disruption/announce.ts';
import { putDelay } from '../../shared/runs/delay-store.ts';
import { flagGoneRun } from '../../shared/runs/gone-store.ts';
import { ticketKeyOf } from '../../shared/tickets/code-keys.ts';
import { publishKeys } from '../../shared/tickets/keys-store.ts';
import { listTickets } from '../../shared/tickets/store.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { closeForEnd, issuePaidOrder, refundPaidOrder, releaseForEnd } from '../support/order-by-id.ts';
import type { PurchaseWorld } from '../support/purchase-world.ts';
import { waitlistWorld } from '../support/waitlist-world.ts';
import { timetableWorld } from '../support/timetable-world.ts';

/** A kind of item in `Bookings`, as docs/how-to/what-is-kept.md writes its key. */
const writtenAs = ({ partition, sort }: { partition: string; sort: string }): string =>
  `Bookings ${partition}#… / ${sort.endsWith('#') ? `${sort}…` : sort}`;

/** What the registry says of the end of each kind in `Bookings`. */
const endOf = new Map(Object.values(kinds).map((kind) => [writtenAs(kind), kind.ends]));

/** Items that nothing ends, and why they do not grow. Whatever else is stored must get a time to live. */
const staysFor: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...endOf].flatMap(([kind, ends]) => (typeof ends === 'object' ? [[kind, ends.stays]] : [])),
  ),
  'Timetable the version in force': 'one item',
  'Timetable the dates on sale': 'one item',
};

/** Every kind of item, as docs/how-to/what-is-kept.md writes it. */
const everyKind = [
  'Availability',
  ...endOf.keys(),
  'Inventory',
  'Timetable rows of a version',
  'Timetable the dates on sale',
  'Timetable the frozen run',
  'Timetable the version in force',
].toSorted();

const bookingsKind = ({ pk, sk }: Item): string => {
  const begins = (key: unknown) => String(key).replace(/#.*/s, '#…');
  return `Bookings ${begins(pk)} / ${begins(sk)}`;
};
const timetableKind = ({ pk, sk }: Item): string => {
  if (pk === 'timetable') return `Timetable ${sk === 'sales' ? 'the dates on sale' : 'the version in force'}`;
  return String(pk).startsWith('frozen#') ? 'Timetable the frozen run' : 'Timetable rows of a version';
};

const sampleFinding: Finding = { class: 'twice', of: 'payment', number: 'trade', why: 'rows 1 and 2' };

/** A day whose bill was compared in two calls. */
const compared = async ({ bookings, clock, carrier, time }: PurchaseWorld): Promise<void> => {
  const day = { provider: 'alipay', date: serviceDateSchema.parse('2026-12-20') } as const;
  await keepAnswers(bookings, day, [{ about: 'missing trade', findings: [] }], time.now);
  const found = { findings: [sampleFinding], bill: emptyBillTotals(), books: emptyBookTotals() };
  await publishReport({ bookings, clock, carrier })(day, found);
};

/** All items of the four tables of a world, each with its kind. */
const everything = async (tables: Omit<PurchaseWorld['tables'], 'stop' | 'endpoint'>) => {
  const kinds = {
    timetable: timetableKind,
    inventory: () => 'Inventory',
    availability: () => 'Availability',
    bookings: bookingsKind,
  };
  const found: { kind: string; item: Item }[] = [];
  for (const [name, kindOf] of Object.entries(kinds)) {
    const table = tables[name as keyof typeof kinds];
    for await (const page of scanSegment(table, { segment: 0, total: 1 }))
      found.push(...page.map((item) => ({ kind: kindOf(item), item })));
  }
  return found;
};

const captured = async (world: PurchaseWorld, payment: Payment): Promise<void> => {
  world.buyerPays(payment);
  await recordNotification(world)('alipay', {
    notificationId: `n-${payment.paymentId}`,
    paymentNumber: payment.paymentId,
    says: { kind: 'captured', providerTrade: 'trade', paid: payment.amount },
  });
  await applyPayment(world)(payment.paymentId);
};

const mail = (world: PurchaseWorld, orderId: OrderId, event: string) =>
  sendNotification({
    ...world.dependencies,
    mail: { send: () => Promise.resolve({ outcome: 'sent' }) },
    readOrder: (id) => readOrder(world.bookings, id, { consistent: true }),
    listTickets: (id) => listTickets(world.bookings, id, { consistent: true }),
    refundedFor: refundedFor(world.bookings),
    grantedBy: grantedBy(world.bookings),
    confirmedAddressOf: noConfirmedAddress,
    drawCode: () => Promise.resolve(Buffer.from('a picture')),
  })({ eventId: `${orderId}-${event}`, event, orderId, at: world.time.now });

const paid = async (
  world: PurchaseWorld,
  run: Run,
  person: number,
): Promise<{ orderId: OrderId; payment: Payment }> => {
  const orderId = await world.held(run, [person]);
  const payment = await world.pay(orderId);
  await captured(world, payment);
  return { orderId, payment };
};

/** The passenger of an issued order gives its ticket back. */
const giveBack = async (world: PurchaseWorld, orderId: OrderId): Promise<void> => {
  const { userId } = await world.standing(orderId, 'issued');
  const scope = { userId, route: 'refund-offers', key: 'offer', bodyHash: '' };
  const offer = await makeRefundOffer(world)({ orderId, userId, ticketIds: undefined, scope });
  if (offer.outcome === 'rejected') throw new Error(`no offer: ${offer.reason}`);
  await acceptRefundOffer(world)(offer.offer.offerId, userId);
  await submitRefund(world)(orderId, `${orderId}_1_item1`);
};

/** A gate without a network tells a use that should not have been. */
const atTheGate = async (world: PurchaseWorld, orderId: OrderId): Promise<void> => {
  await putDelay(world.bookings, runIdSchema.parse('G1~2026-12-20'), 90);
  await publishKeys(world.bookings, [ticketKeyOf(Buffer.alloc(32, 1))]);
  await putWrongUse(world.bookings, {
    ticketId: ticketIdOf(orderId, itemIdSchema.parse('1')),
    useId: useIdSchema.parse('use-no-1'),
    at: world.time.now,
    toldAt: world.time.now,
    stopId: 'S0',
    gateId: gateIdSchema.parse('north-1'),
    reason: 'ticket-refunded',
  });
};

const sales = (world: PurchaseWorld, run: Run) => ({
  /** Paid, issued, told to the passenger, and given back. */
  whole: async (): Promise<void> => {
    const { orderId } = await paid(world, run, 1);
    await issuePaidOrder(world)(orderId);
    await mail(world, orderId, 'order-issued');
    await giveBack(world, orderId);
  },
  /** Left to expire; the provider first tells of another amount, and then has the money after all. */
  late: async (): Promise<void> => {
    const orderId = await world.held(run, [2]);
    const payment = await world.pay(orderId);
    world.pass(1300);
    await closeForEnd(world)(orderId, 'expired');
    await releaseForEnd(world)(orderId);
    await recordNotification(world)('alipay', {
      notificationId: 'n-other',
      paymentNumber: payment.paymentId,
      says: { kind: 'captured', providerTrade: 'trade', paid: { ...payment.amount, amount: 1 } },
    });
    await cleanUp(world)({ hasTime: () => true });
    world.time.now = plusSeconds(run.stops.at(-1)!.arrives, 60);
    await captured(world, payment);
    await settle(world)(payment.paymentId, { by: 'zhang', reason: 'compared with the provider' });
  },
  /** Paid and not issued; its refund is declined for good, and a person pays it back. */
  byHand: async (): Promise<void> => {
    const { orderId, payment } = await paid(world, run, 3);
    await refundPaidOrder(world)(orderId);
    const number = `${payment.paymentId}_whole`;
    world.bank.state.refundAnswer = { state: 'failed', why: 'ACQ.TRADE_HAS_FINISHED' };
    await submitRefund(world)(orderId, number);
    const person = { by: 'zhang', reason: 'a transfer' };
    await settle(world)(number, person);
    await settle(world)(number, person, { paid: true });
    world.bank.state.refundAnswer = { state: 'succeeded' };
  },
  /** What is stored when something goes wrong on the way. */
  rest: async (): Promise<void> => {
    const orderId = orderIdSchema.parse(newUlid(world.time.now));
    await voidOrder(world.bookings, orderId, world.time.now);
    const taken = (await world.pieces(run)).find(({ owner }) => owner !== 'free');
    await putSuspect(world.bookings, {
      orderId,
      shard: { runId: run.runId, generation: 1, class: run.layout.coaches[0]!.class, shard: 0 },
      owner: taken!.owner as Owner,
      dueAt: world.time.now,
    });
    await flagGoneRun(world.bookings, run.runId, { version: 'a newer one', now: world.time.now });
    await noteRun(world.bookings, run.runId, { dueAt: world.time.now, now: world.time.now });
    const delayed = { reason: 'delayed' as const, minutes: 90 };
    await announce(world)({ runId: run.runId, disruption: delayed, by: 'operator-1' });
    const costs = entryOf('provider-costs', {
      source: 'alipay-2026-12-20',
      provider: 'alipay',
      amount: { amount: 32, currency: 'CNY' },
      at: world.time.now,
    });
    await writeTogether(world.bookings.client, [
      { label: 'costs', write: putCosts(world.bookings, costs, sampleCarrier) },
    ]);
    await atTheGate(world, orderId);
    await compared(world);
    const sweep = { sweep: 'free-orphans', holder: 'call' };
    await underLease(
      { bookings: world.bookings, clock: world.clock },
      sweep,
    )(() => freeOrphans(world)({ hasTime: () => true, sweepEverySeconds: 0 }));
  },
});

test('whatever a purchase stores gets an end, or stays for a stated reason', async () => {
  const world = await waitlistWorld(undefined, { disruption: { window: 'P3D', delayAtLeast: 'PT1H' } });
  const imports = await timetableWorld();
  try {
    const run = await world.openRun('2026-12-20', 1);
    const { whole, byHand, rest, late } = sales(world, run);
    await whole();
    // Somebody waits for a sold-out run, and gets its seat.
    const full = await world.soldOut('2026-12-19');
    await world.waits([{ run: full.run }], [50]);
    await world.givesBack(full.orders[0]!, 'user-100');
    await world.allocate(full.run);
    await byHand();
    await rest();
    await late();
    await imports.imported();
    const stored = async () => [
      // Of its fixture, which no import has written.
      ...(await everything(world.tables)).filter(({ kind }) => kind !== 'Timetable rows of a version'),
      ...(await everything(imports.tables)),
    ];
    const kinds = new Set((await stored()).map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(everyKind);

    const endlessFromTheFirst = (await stored()).filter(
      ({ item, kind }) => endOf.get(kind) === 'by-itself' && item['ttl'] === undefined,
    );
    expect(endlessFromTheFirst.map(({ kind }) => kind)).toEqual([]);

    // A day at a time for as long as something of it may move, and then when its years are over.
    for (const days of [1, 15, 31, 32, 33, 62, 63, 64, 3 * 366 + 1, 3 * 366 + 2, 3 * 366 + 16]) {
      world.time.now = plusSeconds(run.stops.at(-1)!.arrives, days * 86_400);
      expect((await cleanUp(world)({ hasTime: () => true })).failed).toEqual([]);
    }
    const endless = (await stored()).filter(({ item, kind }) => item['ttl'] === undefined && !staysFor[kind]);
    expect(endless.map(({ kind, item }) => `${kind} ${String(item['sk'])}`)).toEqual([]);
    const due = (await stored()).filter(({ item }) => item['dueShard'] !== undefined);
    expect(due.map(({ kind, item }) => `${kind} ${String(item['sk'])}`)).toEqual([]);
  } finally {
    await world.stop();
    await imports.tables.stop();
  }
}, 60_000);

test('the page on what is kept names every kind', () => {
  const page = readFileSync(join(projectRoot, 'docs/how-to/what-is-kept.md'), 'utf8');
  const text = page.replaceAll('`', '');
  const named = everyKind.map((kind) => kind.replace(/^Bookings (?:ORDER#… \/ )?|^Timetable /, ''));
  expect(named.filter((kind) => !text.includes(kind))).toEqual([]);
});
