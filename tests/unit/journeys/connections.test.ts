import { chooseVias, viasMax } from '../../../shared/journeys/choose-vias.ts';
import {
  bestByTime,
  pairDepartures,
  waitSecondsMax,
  withoutWorse,
} from '../../../shared/journeys/pair-departures.ts';
import { waysOfTrips } from '../../../shared/feeds/ways-of-trips.ts';
import { stopIdSchema } from '../../../shared/platform/ids.ts';
import { instantSchema, plusSeconds } from '../../../shared/platform/time.ts';
import type { KeptStop } from '../../../shared/timetable/version-store.ts';

const id = (text: string) => stopIdSchema.parse(text);
const base = instantSchema.parse('2027-06-15T08:00:00.000Z');
const at = (minutes: number, seconds = 0) => plusSeconds(base, minutes * 60 + seconds);
const ride = (runId: string, departs: number, arrives: number) => ({
  departure: { runId, departs: at(departs), arrives: at(arrives) },
});

describe('rides with a change', () => {
  const pairs = (first: ReturnType<typeof ride>, second: ReturnType<typeof ride>, transferSeconds: number) =>
    pairDepartures([first], [second], { transferSeconds, perRide: 3 }).length;

  test('leave no sooner than the change takes, and no later than anybody waits', () => {
    const first = ride('one', 0, 60);
    expect(pairs(first, ride('two', 70, 90), 600)).toBe(1);
    expect(pairs(first, ride('two', 70, 90), 601)).toBe(0);
    const [waited, overdue] = [60 + waitSecondsMax / 60, 61 + waitSecondsMax / 60];
    expect(pairs(first, ride('two', waited, waited + 30), 0)).toBe(1);
    expect(pairs(first, ride('two', overdue, overdue + 30), 0)).toBe(0);
  });

  test('are two runs', () => {
    expect(pairs(ride('one', 0, 60), ride('one', 65, 90), 0)).toBe(0);
  });

  test('lead on by the earliest to arrive', () => {
    const onwards = [ride('slow', 61, 200), ride('quick', 70, 100), ride('later', 90, 120)];
    const found = pairDepartures([ride('one', 0, 60)], onwards, { transferSeconds: 0, perRide: 2 });
    expect(found.map(({ second }) => second.departure.runId)).toEqual(['quick', 'later']);
  });
});

const journey = (departs: number, arrives: number) => ({ departs: at(departs), arrives: at(arrives) });

describe('the best journeys', () => {
  const [quick, slow, early, same] = [journey(60, 100), journey(30, 110), journey(0, 90), journey(60, 100)];

  test('come first, and the others only as far as there is room', () => {
    expect(bestByTime([slow, quick, early], 3)).toEqual([early, quick, slow]);
    expect(bestByTime([slow, quick, early], 2)).toEqual([early, quick]);
  });

  test('leave out what a direct ride is as good as', () => {
    expect(withoutWorse([early, quick, slow], [same])).toEqual([early]);
    expect(withoutWorse([early, quick, same, slow], [])).toEqual([early, quick]);
  });
});

describe('the stops where passengers change', () => {
  const stop = (stopId: string, place?: [number, number], transfer?: KeptStop['transfer']): KeptStop => ({
    stopId: id(stopId),
    name: stopId,
    code: stopId,
    timeZone: 'Europe/Berlin',
    calls: 1,
    ...(place && { latitude: place[0], longitude: place[1] }),
    ...(transfer !== undefined && { transfer }),
  });
  const chosen = (vias: KeptStop[], rides: number[] = vias.map(() => 1), transferSecondsMin?: number) => {
    const [from, to] = [stop('from', [50, 10]), stop('to', [50, 12])];
    return chooseVias({
      from,
      to,
      waysFrom: vias.map(({ stopId }, n) => ({ stopId, there: rides[n] ?? 0, back: 0 })),
      waysTo: vias.map(({ stopId }) => ({ stopId, there: 0, back: 9 })),
      stops: new Map([from, to, ...vias].map((each) => [each.stopId, each])),
      transferSecondsMin,
    }).map((via) => `${via.stop.stopId} ${via.transferSeconds}`);
  };

  test('have a time for it, of the feed or of the carrier, and are not those where it is impossible', () => {
    const vias = [stop('a', undefined, 0), stop('b'), stop('c', undefined, 'impossible')];
    expect(chosen(vias, [2, 1, 3], 900)).toEqual(['a 0', 'b 900']);
    expect(chosen(vias)).toEqual(['a 0']);
  });

  test('are those with many rides and a short way', () => {
    const vias = [stop('far', [50, 16]), stop('aside', [50.9, 11]), stop('between', [50, 11])];
    expect(chosen(vias, [9, 2, 2], 0)).toEqual(['between 0', 'aside 0']);
    expect(chosen(vias, [9, 8, 2], 0)).toEqual(['aside 0', 'between 0']);
  });

  test('are a limited number', () => {
    const vias = Array.from({ length: viasMax + 3 }, (_, n) => stop(`s${n}`));
    expect(chosen(vias, undefined, 0)).toHaveLength(viasMax);
  });

  test('are reached by rides that take passengers there and on', () => {
    const call = (stopId: string, boarding = true, alighting = true) => ({
      stopId: id(stopId),
      arrives: 0,
      departs: 0,
      boarding,
      alighting,
    });
    const days = Uint8Array.of(0b101);
    const ways = waysOfTrips([
      { calls: [call('a'), call('b', true, false), call('c'), call('a')], days },
      { calls: [call('a'), call('b', true, false), call('c'), call('a')], days: Uint8Array.of(0, 1) },
    ]);
    expect(Object.fromEntries(ways)).toEqual({
      a: [
        { stopId: 'c', there: 3, back: 3 },
        { stopId: 'b', there: 0, back: 3 },
      ],
      c: [
        { stopId: 'a', there: 3, back: 3 },
        { stopId: 'b', there: 0, back: 3 },
      ],
      b: [
        { stopId: 'c', there: 3, back: 0 },
        { stopId: 'a', there: 3, back: 0 },
      ],
    });
  });
});
