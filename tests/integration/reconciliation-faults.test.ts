import { scanSegment } from '../../shared/audit/store.ts';
import type { Item, Table } from '../../shared/platform/dynamo.ts';
import { money } from '../../shared/platform/money.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { by } from '../support/faulty-table.ts';
import {
  morningAfter,
  reconcilingWorld,
  rowOfPayment,
  type ReconcilingWorld,
} from '../support/reconciling-world.ts';
import { dyingAt, type Sent } from '../support/stopping-table.ts';

jest.setTimeout(120_000);

let world: ReconcilingWorld;
let run: Run;
beforeEach(async () => {
  world = await reconcilingWorld();
  run = await world.nextRun(8);
  world.wait(instantSchema.parse('2026-12-01T08:00:00.000Z'));
});
afterEach(() => world.stop());

/** A day with money and a refund that we never heard of, a wrong amount, and a payment that the bill lacks. */
const busyDay = async (): Promise<void> => {
  const orderId = await world.held(run, [1]);
  const [first, second] = [await world.pay(orderId), await world.pay(orderId)];
  await world.take(first);
  await world.take(second);
  await world.payBack(await world.refundOf(second), { isTold: false });
  await world.sell(run, 2, { isTold: false });
  const other = await world.sell(run, 3);
  world.movements[world.movements.length - 1] = rowOfPayment(other, world.time.now, {
    amount: money(1, 'CNY'),
  });
  await world.sell(run, 4, { isInBill: false });
  world.wait(morningAfter);
};

/** What must be the same, however a run came to its end: the words of a repaired one may differ. */
const outcomeOf = async (table: Table): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const page of scanSegment(table, { segment: 0, total: 1 })) items.push(...page);
  return items
    .filter(({ sk }) => /^(REPORT|JOURNAL#|PAYMENT#|REFUND#|DIFFERENCE#)/.test(String(sk)))
    .map(({ pk, sk, state, legs, open, edition, class: of }) => ({
      pk,
      sk,
      state,
      legs,
      open,
      edition,
      class: of,
    }))
    .toSorted((a, b) => (`${String(a.pk)} ${String(a.sk)}` < `${String(b.pk)} ${String(b.sk)}` ? -1 : 1));
};

/** The order's own ids differ from world to world, so a run is compared with what a whole run would have left. */
const isRepaired = (item: Item): boolean => item['state'] === 'repaired' || item['state'] === 'gone';

const expectWhole = async (): Promise<void> => {
  const items = await outcomeOf(world.bookings);
  const differences = items.filter(({ sk }) => String(sk).startsWith('DIFFERENCE#'));
  expect(differences).toHaveLength(4);
  const [amount, ...rest] = differences.toSorted((a, b) => (String(a['sk']) < String(b['sk']) ? -1 : 1));
  const here = rest.filter(({ class: of }) => of === 'missing-here');
  expect(amount).toMatchObject({ class: 'amount', state: 'open' });
  expect(here).toHaveLength(2);
  expect(here.every(isRepaired)).toBe(true);
  expect(rest.at(-1)).toMatchObject({ class: 'missing-there', state: 'open' });
  expect(items.filter(({ sk }) => sk === 'REPORT')).toMatchObject([{ open: 2, edition: 1 }]);
  const journal = items.filter(({ sk }) => String(sk).startsWith('JOURNAL#'));
  expect(journal.filter(({ sk }) => String(sk).endsWith('-captured'))).toHaveLength(5);
  expect(journal.filter(({ sk }) => String(sk).endsWith('-refunded'))).toHaveLength(1);
  expect(journal.filter(({ sk }) => String(sk).endsWith('-provider-costs'))).toHaveLength(1);
};

const isWrite = ({ constructor: { name } }: Sent): boolean => !/Get|Query/.test(name);

const countWrites = (table: Table) => {
  const counted = { writes: 0 };
  const counting = by(table, (command, send) => {
    if (isWrite(command as Sent)) counted.writes += 1;
    return send(command);
  });
  return { counted, table: counting };
};

test('a whole run leaves what the others must leave', async () => {
  await busyDay();
  const { counted, table } = countWrites(world.bookings);
  await world.run(table);
  await expectWhole();
  // Two are remembered and booked, two more are remembered, two are marked as booked; the costs and the report.
  expect(counted.writes).toBe(10);
});

describe.each(['before', 'after'] as const)('a run that dies %s', (when) => {
  test.each(Array.from({ length: 10 }, (_, n) => n + 1))(
    'its write %i is completed by the next one',
    async (n) => {
      await busyDay();
      const { tables, death, state } = dyingAt([world.bookings], n, when);
      const dying = world.run(tables[0]!);
      await Promise.race([dying, death]);
      expect(state.isDead).toBe(true);
      world.pass(3600);
      await world.report();
      await expectWhole();
      await world.report();
      await expectWhole();
    },
  );
});

test('two runs at once leave what one leaves', async () => {
  await busyDay();
  const results = await Promise.all([world.run(), world.run(), world.run()]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
  await expectWhole();
});

test('a run whose answers are lost throws, and the next one completes it', async () => {
  await busyDay();
  for (let lost = 1; lost <= 10; lost += 1) {
    let writes = 0;
    const losing = by(world.bookings, async (command, send) => {
      const answer = await send(command);
      if (isWrite(command as Sent) && (writes += 1) === 1)
        throw Object.assign(new Error('lost'), { name: 'TimeoutError' });
      return answer;
    });
    await world.run(losing).catch(() => undefined);
  }
  await world.report();
  await expectWhole();
});
