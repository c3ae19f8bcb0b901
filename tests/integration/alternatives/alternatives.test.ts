import { classSchema, orderIdSchema, runIdSchema } from '../../../shared/platform/ids.ts';
import { cancelOrder } from '../../../shared/selling/cancel-order.ts';
import {
  networkCarrier,
  networkDay,
  networkFares,
  networkFeed,
  networkWorld,
  type NetworkWorld,
} from '../../support/network-world.ts';

let world: NetworkWorld;
const begin = async (...wish: Parameters<typeof networkWorld>) => {
  world = await networkWorld(...wish);
};
afterEach(() => world.stop());

const [first, second] = [classSchema.parse('first'), classSchema.parse('second')];
const day = runIdSchema.parse(`day~${networkDay}`);
const shown = async (...asked: Parameters<NetworkWorld['alternatives']>) =>
  (await world.alternatives(...asked)).map(({ kind, legs, seatsLeft }) =>
    [kind, ...legs.map(({ trip, class: cls }) => `${trip} ${cls}`), seatsLeft].join(' | '),
  );

const transfers = (...rows: string[]) => ({
  'transfers.txt': `from_stop_id,to_stop_id,transfer_type,min_transfer_time\n${rows.join('\n')}\n`,
});
const rowsWithout = (file: string, rows: RegExp) => ({ [file]: String(networkFeed[file]).replace(rows, '') });

describe('when a seat is gone', () => {
  test('there are other classes, later runs and connections, in this order', async () => {
    await begin();
    await world.fill('day', 'second', 6);
    expect(await shown()).toEqual([
      'other-class | ICE 701 first | 4',
      'later-run | ICE 703 second | 6',
      'later-run | ICE 705 second | 6',
      'later-run | ICE 701 second | 6',
      'connection | IC 10 standard | IC 11 standard | 80',
    ]);
  });

  test('each says what it costs and when, and what to book it with', async () => {
    await begin();
    await world.fill('day', 'second', 6);
    const found = await world.search();
    expect(found).toMatchObject({ outcome: 'accepted', insteadOf: { runId: day, classes: [second] } });
    const all = await world.alternatives();
    const connection = all.find(({ kind }) => kind === 'connection');
    expect(connection).toMatchObject({
      durationMinutes: 300,
      waitMinutes: 20,
      legs: [
        { from: { departs: '2027-06-15T10:30:00+02:00' }, to: { stopId: 'X', name: 'Leipzig Hbf' } },
        { to: { stopId: 'C', arrives: '2027-06-15T15:30:00+02:00' } },
      ],
      orders: [
        { runId: `ax~${networkDay}`, from: 'A', to: 'X', fromIndex: 0, toIndex: 1, class: 'standard' },
        { runId: `xc~${networkDay}`, from: 'X', to: 'C', fromIndex: 0, toIndex: 1, class: 'standard' },
      ],
    });
    // Whatever is offered can be bought as it says, at the fare it says.
    for (const { orders, fare } of all) {
      let paid = 0;
      for (const part of orders) {
        const placed = await world.place(part);
        if (placed.outcome === 'rejected') throw new Error(placed.reason);
        paid += (await world.standing(placed.answer as never, 'held')).amount.amount;
      }
      expect(paid).toBe(fare.amount);
    }
  });

  test('nothing that a party does not fit in is offered', async () => {
    await begin();
    await world.fill('day', 'second', 5);
    await world.fill('late', 'second', 5);
    await world.fill('late', 'first', 2);
    expect(await shown({ passengers: 4, runId: day })).toEqual([
      'other-class | ICE 701 first | 4',
      'later-run | ICE 705 second | 6',
      'later-run | ICE 701 second | 6',
      'later-run | ICE 703 second | 6',
      'connection | IC 10 standard | IC 11 standard | 80',
    ]);
    expect(await shown({ passengers: 1 })).toEqual([]);
  });

  test('a connection of which a run is full gives way to the next best', async () => {
    await begin();
    await world.fill('day', 'second', 6);
    await world.fill('xc', 'standard', 80, ['X', 'C']);
    expect(await shown()).toContain('connection | IC 10 standard | IC 13 standard | 80');
  });

  test('the run or the class that the passenger names counts, full or not', async () => {
    await begin();
    expect(await shown()).toEqual([]);
    expect(await shown({ runId: day })).toEqual([]);
    expect(await shown({ runId: day, class: second })).toContain('other-class | ICE 701 first | 4');
    expect(await shown({ runId: day, class: first })).toContain('other-class | ICE 701 second | 6');
    expect(await world.search({ runId: runIdSchema.parse(`ax~${networkDay}`) })).toMatchObject({
      reason: 'unknown-run',
    });
    const none = classSchema.parse('sleeper');
    expect(await world.search({ runId: day, class: none })).toMatchObject({ reason: 'unknown-class' });
  });

  test('a search that does not ask has no alternatives', async () => {
    await begin();
    await world.fill('day', 'second', 6);
    const found = await world.search({ alternatives: false });
    expect(Object.keys(found)).toEqual(['outcome', 'asOf', 'journeys']);
  });

  test('where no run goes at all, there are connections', async () => {
    await begin({
      changes: {
        ...rowsWithout('trips.txt', /^R1.*\n/gm),
        ...rowsWithout('stop_times.txt', /^(?:day|late|night),.*\n/gm),
      },
    });
    const found = await world.search();
    expect(found).toMatchObject({ outcome: 'accepted', journeys: [] });
    expect(await shown()).toEqual(['connection | IC 10 standard | IC 11 standard | 80']);
  });
});

describe('a change of seats on the way', () => {
  const carrier = { ...networkCarrier, alternatives: { ...networkCarrier.alternatives, seatChange: true } };
  const changes = async (asked: Parameters<NetworkWorld['alternatives']>[0] = {}) =>
    (await world.alternatives({ runId: day, class: second, ...asked })).filter(
      ({ kind }) => kind === 'seat-change',
    );

  /** Nobody can sit on one seat to München: three seats are free to Berlin, and the other three from there on. */
  const splitSeats = async () => {
    const placed = async (stops: [string, string], seats: number) => {
      const orders = await world.fill('day', 'second', seats, stops, 1);
      return Promise.all(orders.map((orderId) => world.standing(orderId, 'held')));
    };
    const [short, long] = [await placed(['A', 'B'], 6), await placed(['B', 'C'], 3)];
    const seatOf = ({ items }: (typeof long)[number]) => items['1']?.place.piece.seat;
    const taken = new Set(long.map(seatOf));
    for (const order of short)
      if (taken.has(seatOf(order))) await cancelOrder(world.dependencies)(order.orderId, order.userId);
    await world.count('day');
  };

  test('comes after the other classes, and can be bought as one order', async () => {
    await begin({ carrier });
    await splitSeats();
    const all = await world.alternatives({ runId: day, class: second });
    expect(all.map(({ kind }) => kind).slice(0, 3)).toEqual(['other-class', 'seat-change', 'later-run']);
    const [change] = await changes();
    expect(change).toMatchObject({
      seatsLeft: 3,
      durationMinutes: 360,
      legs: [
        { from: { stopId: 'A' }, to: { stopId: 'B', arrives: '2027-06-15T12:00:00+02:00' }, seatsLeft: 3 },
        { from: { stopId: 'B', departs: '2027-06-15T12:05:00+02:00' }, to: { stopId: 'C' }, seatsLeft: 3 },
      ],
      orders: [
        {
          runId: day,
          from: 'A',
          to: 'C',
          fromIndex: 0,
          toIndex: 2,
          class: second,
          seatChange: { at: 'B', atIndex: 1 },
        },
      ],
    });
    expect(await changes({ passengers: 4 })).toEqual([]);
    const placed = await world.place(change!.orders[0]!, 3);
    if (placed.outcome === 'rejected') throw new Error(placed.reason);
    const order = await world.standing(orderIdSchema.parse(placed.answer), 'held');
    expect(order.amount.amount).toBe(3 * change!.fare.amount);
    await world.count('day');
    expect(await changes()).toEqual([]);
  });

  test('is offered only where the carrier sells it', async () => {
    await begin();
    await splitSeats();
    expect(await changes()).toEqual([]);
  });
});

describe('time to change', () => {
  const connections = async () => (await shown()).filter((each) => each.startsWith('connection'));

  test('is what the feed says at a stop, to the second', async () => {
    await begin({ changes: transfers('X,X,2,1201', 'Y,Y,2,420') });
    await world.fill('day', 'second', 6);
    expect(await connections()).toEqual(['connection | IC 20 standard | IC 21 standard | 80']);
  });

  test('is what the carrier says where the feed says nothing', async () => {
    await begin({
      carrier: { ...networkCarrier, alternatives: { transferSecondsMin: 420 } },
      changes: { 'transfers.txt': undefined },
    });
    await world.fill('day', 'second', 6);
    expect(await connections()).toEqual(['connection | IC 20 standard | IC 21 standard | 80']);
  });

  test('unknown or impossible, nobody changes', async () => {
    await begin({
      carrier: { ...networkCarrier, alternatives: {} },
      changes: transfers('X,X,3,'),
    });
    await world.fill('day', 'second', 6);
    expect(await connections()).toEqual([]);
  });
});

describe('a ticket that goes further', () => {
  const further = async (passengers = 1) =>
    (await world.alternatives({ runId: day, class: first, passengers })).filter(
      ({ kind }) => kind === 'longer',
    );

  test('is offered where the carrier has no fare to the stop, and can be bought', async () => {
    await begin({ fares: networkFares() });
    const [longer] = await further();
    expect(longer).toMatchObject({
      fare: { amount: 30000 },
      legs: [
        { from: { stopId: 'A' }, to: { stopId: 'C', arrives: '2027-06-15T16:00:00+02:00' }, class: first },
      ],
      orders: [{ runId: day, from: 'A', to: 'D', fromIndex: 0, toIndex: 3, class: first }],
    });
    const placed = await world.place(longer?.orders[0] as never);
    expect(placed.outcome).toBe('accepted');
    await world.count('day');
    expect(await further(3)).toMatchObject([{ seatsLeft: 3 }]);
    expect(await further(4)).toEqual([]);
  });

  test('is not offered where the carrier does not allow it', async () => {
    await begin({ fares: networkFares(), carrier: { ...networkCarrier, alternatives: {} } });
    expect(await further()).toEqual([]);
  });
});
