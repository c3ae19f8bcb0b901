import { readFare } from '../../shared/fares/find-fare.ts';
import { problemLines } from '../../shared/feeds/problems.ts';
import { classSchema, runIdSchema } from '../../shared/platform/ids.ts';
import { readRun } from '../../shared/timetable/store.ts';
import { soundFeed, writeFeed } from '../support/sample-feed.ts';
import {
  fileNamed,
  timetableWorld,
  twoClassLayouts,
  type TimetableWorld,
} from '../support/timetable-world.ts';

let world: TimetableWorld;
beforeAll(async () => {
  world = await timetableWorld();
  await world.open('2027-06-01', '2027-06-20');
});
afterAll(() => world?.tables.stop());

const cls = (name: string) => classSchema.parse(name);
const faresPath = (...rows: string[]) =>
  fileNamed('fares.csv', ['trip,from,to,class,amount,currency', ...rows, ''].join('\n'));

describe('layouts and fares of the operator', () => {
  test('are what is sold: by trip before any trip, else by distance', async () => {
    const report = await world.imported(
      {},
      {
        layouts: twoClassLayouts(),
        fares: faresPath('*,A,C,second,5000,EUR', 'ICE 701,A,C,second,4500,EUR', '*,C,A,second,1,EUR'),
        farePerKm: 10,
      },
    );
    expect(report).toMatchObject({ layouts: 2, farePairs: 2 });
    const [daily, night] = await world.search('A', 'C', '2027-06-10');
    expect(daily?.classes).toEqual([
      { class: 'first', fare: { amount: 15212, currency: 'EUR' }, seatsLeft: 4 },
      { class: 'second', fare: { amount: 4500, currency: 'EUR' }, seatsLeft: 6 },
    ]);
    expect(night?.classes).toEqual([
      { class: 'standard', fare: { amount: 7606, currency: 'EUR' }, seatsLeft: 80 },
    ]);
    const frozen = await readRun(world.tables.timetable, runIdSchema.parse('day~2027-06-10'));
    expect(await readFare(world.tables.timetable, frozen!, { from: 0, to: 2 }, cls('second'))).toEqual({
      amount: 4500,
      currency: 'EUR',
    });
  });

  test('are refused line by line', async () => {
    const fares = faresPath(
      'G9,A,C,second,1,EUR',
      '*,X,C,second,1,EUR',
      '*,A,X,second,1,EUR',
      '*,A,A,second,1,EUR',
      '*,A,C,sofa,1,EUR',
      '*,A,C,second,1.5,EUR',
      '*,A,C,second,1,CNY',
      '*,A,C,second,1,EUR',
      '*,A,C,second,2,EUR',
      '*,A,B,second,0,EUR',
      '*,A,B,second,000,EUR',
    );
    const result = await world.run(writeFeed(), { layouts: twoClassLayouts(), fares });
    expect(result.outcome === 'refused' && problemLines(result.refusals)).toEqual([
      'fares.csv:2: there is no trip G9',
      'fares.csv:3: from: there is no stop X',
      'fares.csv:4: to: there is no stop X',
      'fares.csv:5: from and to are the same stop A',
      'fares.csv:6: no layout has the class sofa',
      'fares.csv:7: amount 1.5 is not a whole number above 0, in minor units',
      'fares.csv:8: currency CNY: this carrier sells in EUR',
      'fares.csv:10: trip * has a fare from A to C in second already',
      'fares.csv:11: amount 0 is not a whole number above 0, in minor units (--allow-free takes 0)',
      'fares.csv:12: amount 000 is not a whole number above 0, in minor units (--allow-free takes 0)',
    ]);
  });

  test('have the documented columns and no other, since a condition in one would be lost', async () => {
    const rows = ['trip,from,to,class,amount,currency,valid_on,,', '*,A,C,second,1,EUR,Mondays,,'];
    const fares = fileNamed('fares.csv', `${rows.join('\n')}\n`);
    const result = await world.run(writeFeed(), { layouts: twoClassLayouts(), fares });
    expect(result.outcome === 'refused' && problemLines(result.refusals)).toEqual([
      'fares.csv:1: the column valid_on is not one of trip, from, to, class, amount, currency: nobody would honour it',
    ]);
  });

  test('come from the feed itself where it has fares in the carrier’s currency', async () => {
    const zones = String(soundFeed['stops.txt'])
      .replace('stop_lon', 'stop_lon,zone_id')
      .replace('9.935', '9.935,1')
      .replace('13.369', '13.369,2')
      .replace('11.558', '11.558,2');
    const report = await world.imported({
      'stops.txt': zones,
      'fare_attributes.txt': 'fare_id,price,currency_type\nnear,2.50,EUR\nfar,9.90,EUR\nus,1,USD\n',
      'fare_rules.txt': 'fare_id,route_id,origin_id,destination_id\nnear,,2,2\nfar,R1,1,2\nus,,,\n',
    });
    expect(problemLines(report.leftOut)).toEqual([
      'fare_attributes.txt:4: is in USD, and this carrier sells in EUR: fare us is left out',
    ]);
    const fareOf = async (from: string, to: string) =>
      (await world.search(from, to, '2027-06-12')).map(({ trip, classes }) => [
        trip,
        classes[0]?.fare?.amount,
      ]);
    expect(await fareOf('B', 'C')).toEqual([
      ['Nachtzug', 250],
      ['ICE 701', 250],
    ]);
    expect(await fareOf('A', 'B')).toEqual([
      ['ICE 701', 990],
      ['Nachtzug', undefined],
    ]);
  });

  describe('that cost nothing', () => {
    const free = { 'fare_attributes.txt': 'fare_id,price,currency_type\nfree,0.00,EUR\nlong,9.90,EUR\n' };
    const leftOut =
      'fare_attributes.txt:2: costs nothing: only --allow-free accepts such a fare: fare free is left out';
    const faresOf = async (date: string) =>
      (await world.search('A', 'C', date)).map(({ trip, classes }) => [trip, classes[0]?.fare ?? null]);

    test('are told in the report, and their trips are listed without a fare', async () => {
      const report = await world.imported(free);
      expect(report).toMatchObject({ farePairs: 0, pairsWithoutFare: 3 });
      expect(problemLines(report.leftOut)).toEqual([leftOut]);
      expect(await faresOf('2027-06-13')).toEqual([
        ['ICE 701', null],
        ['Nachtzug', null],
      ]);
    });

    test('leave the fares of other trips of the same stops as they are', async () => {
      const rules = 'fare_id,route_id,origin_id,destination_id\nfree,R1,,\nlong,,,\n';
      await world.imported({ ...free, 'fare_rules.txt': rules });
      expect(await faresOf('2027-06-14')).toEqual([
        ['ICE 701', null],
        ['Nachtzug', { amount: 990, currency: 'EUR' }],
      ]);
    });

    test('are listed and not sold where they are allowed, at no fare by distance either', async () => {
      const fares = faresPath('*,A,B,standard,0,EUR');
      const report = await world.imported(free, { fares, allowFree: true, farePerKm: 10 });
      // The feed's two fares, 0 and 9.90, are for the same ride, and so neither is taken; by distance there is one.
      expect(report).toMatchObject({ farePairs: 1, pairsWithoutFare: 0 });
      const faresTo = async (to: string) =>
        (await world.search('A', to, '2027-06-16')).map(({ classes }) => classes[0]?.fare?.amount ?? null);
      expect([await faresTo('B'), await faresTo('C')]).toEqual([
        [null, null],
        [7606, 7606],
      ]);
    });

    test('give way to what the operator sells them for', async () => {
      const fares = faresPath('*,A,C,standard,700,EUR');
      await world.imported(free, { fares });
      expect(await faresOf('2027-06-15')).toEqual([
        ['ICE 701', { amount: 700, currency: 'EUR' }],
        ['Nachtzug', { amount: 700, currency: 'EUR' }],
      ]);
    });
  });
});
