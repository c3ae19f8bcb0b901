import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { soundCarrier } from '../../shared/carriers/read-carrier.ts';
import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import type { OrderIn } from '../../shared/orders/model.ts';
import { carrierFolderOf } from '../../shared/platform/carrier-folder.ts';
import {
  classSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  userIdSchema,
} from '../../shared/platform/ids.ts';
import { placeOrder } from '../../shared/selling/place-order.ts';
import { openSales } from '../../shared/timetable/open-sales.ts';
import { person } from '../support/person.ts';
import { purchaseWorld } from '../support/purchase-world.ts';

type Wish = {
  trip: string;
  from: string;
  to: string;
  class: string;
  passengers: Parameters<ReturnType<typeof placeOrder>>[0]['passengers'];
  locale?: string;
};

const today = serviceDateSchema.parse('2026-12-01');

/** A carrier that is shipped, with its demo feed on sale; answers how to order, and why an order is refused. */
const shop = async (name: string) => {
  const world = await purchaseWorld();
  const { carrier, layouts: carrierLayouts } = soundCarrier(name);
  const source = join(carrierFolderOf(name), 'demo');
  const layouts = join(source, 'layouts.json');
  const options = { fares: join(source, 'fares.csv'), ...(existsSync(layouts) && { layouts }) };
  const importFeed = importTimetable({ ...world.tables, now: world.clock, carrier, carrierLayouts });
  expect(await importFeed({ source, options })).toMatchObject({ outcome: 'imported' });
  await openSales(
    world.tables.timetable,
    { from: today, until: serviceDateSchema.parse('2026-12-20') },
    today,
  );

  const order = async (wish: Wish): Promise<OrderIn<'held'> | string> => {
    const userId = userIdSchema.parse(randomUUID());
    const outcome = await placeOrder({ ...world.dependencies, carrier })(
      {
        userId,
        runId: runIdSchema.parse(`${wish.trip}~2026-12-10`),
        from: stopIdSchema.parse(wish.from),
        to: stopIdSchema.parse(wish.to),
        class: classSchema.parse(wish.class),
        passengers: wish.passengers,
        contact: { email: 'someone@example.com', locale: wish.locale },
        wishes: {},
      },
      {
        scope: { userId, route: 'orders', key: randomUUID(), bodyHash: '' },
        answer: (held) => JSON.stringify(held),
      },
    );
    return outcome.outcome === 'accepted' ? (JSON.parse(outcome.answer) as OrderIn<'held'>) : outcome.reason;
  };
  return { order, stop: world.stop };
};

const adult = { name: 'Anna', type: 'adult' };
const child = { name: 'Ben', type: 'child' };

test('a coach in euros sells without documents, and to a child with company', async () => {
  const { order, stop } = await shop('eu-coach');
  const wish = { trip: 'K103', from: 'BER', to: 'MUC', class: 'standard' };
  expect(await order({ ...wish, passengers: [adult, child] })).toMatchObject({
    amount: { amount: 3850 + 1925, currency: 'EUR' },
    contact: { locale: 'en' },
    expiresAt: '2026-12-01T00:10:00.000Z',
  });
  expect(await order({ ...wish, passengers: [child] })).toBe('unaccompanied');
  expect(await order({ ...wish, passengers: [{ ...adult, document: person(1) }] })).toBe(
    'document-not-asked',
  );
  await stop();
});

test('a train in China sells to holders of documents, and to a child by its age', async () => {
  const { order, stop } = await shop('cn-rail');
  const wish = { trip: 'G1', from: 'VNP', to: 'AOH', class: 'second' };
  const holder = { ...adult, document: person(1) };
  expect(await order({ ...wish, passengers: [holder] })).toMatchObject({
    amount: { amount: 55_300, currency: 'CNY' },
    contact: { locale: 'zh-CN' },
    expiresAt: '2026-12-01T00:15:00.000Z',
  });
  expect(await order({ ...wish, passengers: [adult] })).toBe('document-missing');
  const tooOld = { ...child, document: person(2) };
  expect(await order({ ...wish, passengers: [tooOld] })).toBe('unaccompanied');
  expect(await order({ ...wish, passengers: [holder, tooOld] })).toBe('age-not-of-type');
  await stop();
});

test('a train without numbered places sells each place once, and no seat number', async () => {
  const { order, stop } = await shop('us-rail');
  const wish = { trip: 'S774', from: 'SAN', to: 'LAX', class: 'coach' };
  const held = await order({ ...wish, passengers: [adult, { ...adult, name: 'Carl' }] });
  if (typeof held === 'string') throw new Error(held);
  expect(held.contact).toMatchObject({ locale: 'en-US' });
  // The carrier's own form of the language that is asked for.
  expect(await order({ ...wish, passengers: [adult], locale: 'en' })).toMatchObject({
    contact: { locale: 'en-US' },
  });
  expect(await order({ ...wish, passengers: [adult], locale: 'de' })).toBe('unknown-locale');
  expect(held.amount).toEqual({ amount: 2 * 2650, currency: 'USD' });
  const places = Object.values(held.items).map(({ place }) => place);
  expect(places.map(({ seat }) => seat)).toEqual(['', '']);
  expect(new Set(places.map(({ shard, piece }) => `${shard.shard} ${piece.seat}`)).size).toBe(2);
  await stop();
});
