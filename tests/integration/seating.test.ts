import { itemsOf, type OrderIn } from '../../shared/orders/model.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

let people = 0;
const party = (size: number): number[] => Array.from({ length: size }, () => (people += 1));

/** Rows of five seats, of which the first and the last of row 1 are for special needs. */
const marked = (coach: string, rows: number) => ({
  coach,
  seats: { rows, firstRow: 1, letters: 'ABCDF', aisleAfter: 'C' },
  specialNeeds: ['1A', '1F'],
});
const rowsOf = (coach: string, rows: number) => ({
  coach,
  seats: { rows, firstRow: 1, letters: 'ABCDF', aisleAfter: 'C' },
});

const heldAs = (orderId: OrderId): Promise<OrderIn<'held'>> => world.standing(orderId, 'held');
const seats = ({ items }: OrderIn<'held'>): string[] =>
  Object.values(items).map(({ place }) => `${place.coach} ${place.seat}`);
const heldFor = async (run: Run, size: number, specialNeeds?: number): Promise<OrderIn<'held'>> =>
  heldAs(await world.held(run, party(size), specialNeeds ? { wishes: { specialNeeds } } : {}));
const isMarked = (seat: string): boolean => / 1[AF]$/.test(seat);

describe('seats for special needs', () => {
  test('are sold to others when nothing else is left, and not before', async () => {
    const run = await world.openRun('2026-12-10', [marked('04', 1), rowsOf('05', 1), marked('06', 1)]);
    const sold: string[] = [];
    for (let buyer = 0; buyer < 15; buyer += 1) sold.push(...seats(await heldFor(run, 1)));
    expect(new Set(sold).size).toBe(15);
    expect(sold.filter((seat) => !seat.startsWith('05')).map(isMarked)).toEqual([
      ...Array.from({ length: 6 }, () => false),
      ...Array.from({ length: 4 }, () => true),
    ]);
    expect(sold.slice(0, 11).some((seat) => seat.startsWith('04') && isMarked(seat))).toBe(false);
    expect(await world.order(run, party(1))).toEqual({ outcome: 'rejected', reason: 'sold-out' });
  });

  test('are found wherever they are, and the order says who has one', async () => {
    const run = await world.openRun('2026-12-11', [
      ...['01', '02', '03', '04', '05', '06', '07'].map((coach) => rowsOf(coach, 10)),
      marked('08', 10),
    ]);
    const first = await heldFor(run, 3, 2);
    expect(seats(first).slice(0, 2).toSorted()).toEqual(['08 1A', '08 1F']);
    expect(seats(first)[2]).toMatch(/^08 [12]/);
    expect(first.seating?.specialNeeds).toEqual(['1', '2']);
    const none = await heldFor(run, 1, 1);
    expect(none.seating).toEqual({ groups: [['1']], specialNeeds: [] });
  });

  test('are no more than needed, also where a party has to part or asks for more than it has passengers', async () => {
    const run = await world.openRun('2026-12-09', [marked('04', 1), marked('05', 1), marked('06', 1)]);
    const nine = seats(await heldFor(run, 8, 1));
    expect(nine.filter(isMarked)).toHaveLength(1);
    expect(isMarked(nine[0] ?? '')).toBe(true);
    const [single] = seats(await heldFor(run, 1, 9));
    expect(isMarked(single ?? '')).toBe(true);
  });

  test('go to those who need them while others buy at the same moment', async () => {
    const run = await world.openRun('2026-12-12', [marked('04', 2)]);
    const ordinary = Array.from({ length: 8 }, () => heldFor(run, 1));
    const needing = Array.from({ length: 2 }, () => heldFor(run, 1, 1));
    const [others, them] = await Promise.all([Promise.all(ordinary), Promise.all(needing)]);
    expect(them.flatMap(seats).toSorted()).toEqual(['04 1A', '04 1F']);
    expect(others.flatMap(seats).some(isMarked)).toBe(false);
  });
});

describe('a party of nine', () => {
  test('sits together where a coach has room, and the order says so', async () => {
    const run = await world.openRun('2026-12-13', [rowsOf('01', 10), rowsOf('02', 10)]);
    for (let round = 0; round < 5; round += 1) {
      const order = await heldFor(run, 9);
      expect(new Set(itemsOf(order).map(({ place }) => place.coach)).size).toBe(1);
      if (round < 2) expect(order.seating?.groups).toEqual([['1', '2', '3', '4', '5', '6', '7', '8', '9']]);
    }
  });

  test('sits in as large groups as there are, and the order names them', async () => {
    const run = await world.openRun('2026-12-14', [rowsOf('01', 1), rowsOf('02', 1), rowsOf('03', 1)]);
    const { seating } = await heldFor(run, 9);
    expect(seating?.groups.map((group) => group.length).toSorted()).toEqual([4, 5]);
    expect(seating?.groups.flat().toSorted()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('leaves nobody alone where two can sit elsewhere', async () => {
    const beds = (coach: string, count: number) => ({
      coach,
      seats: Array.from({ length: count }, (_, bed) => String(bed + 1)),
    });
    const run = await world.openRun('2026-12-15', [beds('01', 8), beds('02', 3)]);
    const { seating } = await heldFor(run, 9);
    expect(seating?.groups.map((group) => group.length)).toEqual([7, 2]);
    const alone = await world.openRun('2026-12-16', [beds('01', 8), beds('02', 1)]);
    expect((await heldFor(alone, 9)).seating?.groups.map((group) => group.length)).toEqual([8, 1]);
  });

  test('stays in the coach where its first group sits', async () => {
    const part = (coach: string, ...names: string[]) => ({ coach, seats: names });
    const coaches = [
      part('01', '1', '2', '3', '4', '5'),
      part('02', '1', '2', '3', '4'),
      part('01', '7', '8', '9', '10'),
    ];
    for (const day of ['17', '18', '19', '20']) {
      const run = await world.openRun(`2026-12-${day}`, coaches);
      expect(seats(await heldFor(run, 9)).every((seat) => seat.startsWith('01'))).toBe(true);
    }
  });
});
