import { pairsMax } from '../../../shared/journeys/find-connections.ts';
import { nextDayMax } from '../../../shared/journeys/find-alternatives.ts';
import { viasMax } from '../../../shared/journeys/choose-vias.ts';
import { readState } from '../../../shared/timetable/store.ts';
import { by } from '../../support/faulty-table.ts';
import { networkWorld, type NetworkWorld } from '../../support/network-world.ts';

let world: NetworkWorld;
beforeEach(async () => {
  world = await networkWorld();
  await world.fill('day', 'second', 6);
});
afterEach(() => world.stop());

/** The requests of a search, by command, and the most keys of a batch. */
const requestsOf = async (asked: Parameters<NetworkWorld['search']>[0]) => {
  const sent: string[] = [];
  let keysMost = 0;
  const counting = (name: 'timetable' | 'availability') =>
    by(world.tables[name], (command, send) => {
      const { constructor, input } = command as { constructor: { name: string }; input: object };
      const items =
        'RequestItems' in input ? (Object.values(input.RequestItems as object)[0] as unknown) : {};
      keysMost = Math.max(keysMost, ((items as { Keys?: unknown[] }).Keys ?? []).length);
      sent.push(`${constructor.name} ${name}`);
      return send(command);
    });
  const tables = { timetable: counting('timetable'), availability: counting('availability') };
  await readState(tables.timetable);
  sent.length = 0;
  await world.search(asked, tables);
  return { sent: sent.toSorted(), keysMost };
};

describe('the reads of a search', () => {
  test('without alternatives are the views and the runs without one', async () => {
    await world.search({ alternatives: false });
    const { sent } = await requestsOf({ alternatives: false });
    expect(sent).toEqual(['BatchGetCommand availability', 'BatchGetCommand timetable']);
  });

  test('with alternatives are three times as many, if the process knows the timetable', async () => {
    await world.search();
    const { sent, keysMost } = await requestsOf({});
    expect(sent).toEqual([
      ...Array.from({ length: 3 }, () => 'BatchGetCommand availability'),
      ...Array.from({ length: 3 }, () => 'BatchGetCommand timetable'),
    ]);
    expect(keysMost).toBeLessThanOrEqual(Math.max(2 * pairsMax, nextDayMax));
  });

  test('that meets the timetable for the first time have a bound', async () => {
    // Nobody has searched yet: what every search reads once, and then the ways of two stops, and of each stop where
    // passengers may change its calls and two fares.
    const { sent } = await requestsOf({});
    const once = sent.filter((request) => !request.startsWith('BatchGet'));
    const plain = ['calls of two stops', 'layouts', 'stops', 'fare of the pair', 'kilometre rate'].length + 1;
    expect(once.length).toBeLessThanOrEqual(plain + 2 + viasMax * 3);
    expect(sent.length - once.length).toBe(6);
  });
});
