import {
  csv,
  everywhere,
  fareAttributes as attributes,
  fareRules as rules,
  faresOf,
  zonedStops,
} from '../../support/fares-of.ts';

const zones = zonedStops('1', '2', '3');

describe('where a fare of a feed holds', () => {
  test('is everywhere without a rule', async () => {
    const { fares } = await faresOf(attributes('one,2.50,EUR,1,0,'));
    expect(fares).toEqual(everywhere(250));
  });

  test('is on a route, from a zone and to a zone, as its rule says', async () => {
    const { fares } = await faresOf({
      ...zones,
      ...attributes('r,1,EUR,1,0,', 'o,2,EUR,1,0,', 'd,3,EUR,1,0,'),
      ...rules('r,R1,1,2,', 'o,,2,,', 'd,R2,,3,'),
    });
    // From B to C on route R2 both `o` and `d` hold, and nothing tells which is meant.
    expect(fares).toEqual({ 'A-B day': 100, 'A-C night': 300, 'B-C day': 200 });
  });

  test('is where a ride passes all of its zones and no other', async () => {
    const { fares, leftOut, warnings } = await faresOf({
      ...zones,
      ...attributes('near,2,EUR,1,0,', 'all,9,EUR,1,0,', 'ends,7,EUR,1,0,'),
      ...rules('near,,,,2', 'near,,,,1', 'all,,,,3', 'all,,,,2', 'all,,,,1', 'ends,,,,1', 'ends,,,,3'),
    });
    expect(fares).toEqual({ 'A-B': 200, 'A-C': 900 });
    expect([leftOut, warnings]).toEqual([[], []]);
  });

  test('is the most specific rule, whatever is cheaper', async () => {
    const { fares } = await faresOf({
      ...zones,
      ...attributes('any,1,EUR,1,0,', 'route,2,EUR,1,0,', 'pair,3,EUR,1,0,', 'passed,4,EUR,1,0,'),
      ...rules('route,R1,,,', 'pair,R1,1,2,', 'passed,R1,2,3,2', 'passed,R1,2,3,3'),
    });
    expect(fares).toEqual({
      'A-B day': 300,
      'A-C day': 200,
      'B-C day': 400,
      'A-B night': 100,
      'A-C night': 100,
      'B-C night': 100,
    });
  });

  test('is nowhere if its only rule is wrong, and never everywhere', async () => {
    const { fares, leftOut } = await faresOf({
      ...zones,
      ...attributes('one,2.50,EUR,1,0,'),
      ...rules('one,R9,,,', 'one,,8,,', 'one,,,,1', 'one,,,,7'),
    });
    expect(fares).toEqual({});
    expect(leftOut).toEqual([
      'fare_rules.txt:2: route_id R9 is no route of this import: the row is left out',
      'fare_rules.txt:3: no stop is in the zone 8: the row is left out',
      'fare_rules.txt:5: no stop is in the zone 7: the row is left out',
      expect.stringContaining('fare_rules.txt:2: has rules with contains_id and rules without'),
    ]);
  });

  test('is nowhere if it can be read in two ways', async () => {
    const { fares, leftOut } = await faresOf({
      ...zones,
      ...attributes('one,2.50,EUR,1,0,'),
      ...rules('one,R1,,,', 'one,,,,1', 'one,,,,2'),
    });
    expect(fares).toEqual({});
    expect(leftOut).toEqual([
      'fare_rules.txt:2: has rules with contains_id and rules without, which can be read in two ways: fare one is left out',
    ]);
  });

  test('may be in zones that nobody knows: such a ride is not sold', async () => {
    const fare = { ...attributes('any,1,EUR,1,0,', 'two,2,EUR,1,0,'), ...rules('two,,,,1', 'two,,,,3') };
    // B has no zone: a ride from A to C passes zones 1 and 3, and perhaps another.
    expect((await faresOf({ ...zonedStops('1', '', '3'), ...fare })).fares).toEqual({});
    expect((await faresOf({ ...zonedStops('1', '1', '3'), ...fare })).fares).toEqual({
      'A-B': 100,
      'A-C': 200,
      'B-C': 200,
    });
  });

  test('may be narrowed by a row that cannot be read: nothing is sold', async () => {
    const { fares, warnings } = await faresOf({
      ...attributes('one,2.50,EUR,1,0,'),
      ...rules('one,R1,,,,9,9'),
    });
    expect(fares).toEqual({});
    expect(warnings).toEqual([
      'fare_rules.txt: a row that cannot be read may narrow where any fare holds: no fare of the feed is sold',
    ]);
  });

  test('is where a trip is known to pass: a call that cannot be read may be in another zone', async () => {
    const { fares } = await faresOf({
      ...zonedStops('1', '3', '2'),
      'stop_times.txt': csv(
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
        'day,10:00:00,10:00:00,A,1',
        'day,noon,noon,B,2',
        'day,16:00:00,16:00:00,C,3',
        'night,22:00:00,22:00:00,A,1',
        'night,30:10:00,30:10:00,C,3',
      ),
      ...attributes('two,2,EUR,1,0,'),
      ...rules('two,,,,1', 'two,,,,2'),
    });
    expect(fares).toEqual({ 'A-C night': 200 });
  });
});

describe('a fare of a feed', () => {
  test.each([
    ['2.5', 'EUR', 250],
    ['2.50000', 'EUR', 250],
    ['2', 'EUR', 200],
    ["'2.50", 'EUR', 250],
    ['"2,50"', 'EUR', 250],
    ['210.00', 'JPY', 210],
    ['1.250', 'KWD', 1250],
    ['2.50', 'eur', 250],
  ])('of %s %s is taken', async (price, currency, amount) => {
    const { fares } = await faresOf(attributes(`one,${price},${currency},1,0,`), {
      currency: currency.toUpperCase(),
    });
    expect(fares).toEqual(everywhere(amount));
  });

  test('may have words for people, and prices for passengers who pay a share of it', async () => {
    const { fares, warnings, leftOut } = await faresOf({
      'fare_attributes.txt': csv(
        'fare_id,price,currency_type,fare_name,fare_description,youth_price',
        'one,2.50,EUR,Single,One ride,1.10',
      ),
    });
    expect([fares, leftOut]).toEqual([everywhere(250), []]);
    expect(warnings).toEqual([expect.stringContaining('youth_price and senior_price are not read')]);
  });

  test('of nothing is taken where it is allowed', async () => {
    expect((await faresOf(attributes('one,0.00,EUR,1,0,'), { allowFree: true })).fares).toEqual(
      everywhere(0),
    );
  });

  test('holds for the routes of its agency alone', async () => {
    const agencies = {
      'agency.txt': csv(
        'agency_id,agency_name,agency_timezone',
        'N,Nord,Europe/Berlin',
        'S,Süd,Europe/Berlin',
      ),
      'routes.txt': csv('route_id,route_short_name,agency_id', 'R1,1,N', 'R2,2,S'),
    };
    const own = await faresOf({
      ...agencies,
      'fare_attributes.txt': csv('fare_id,price,currency_type,agency_id', 'n,1,EUR,N', 's,2,EUR,S'),
    });
    expect(own.fares).toMatchObject({ 'A-B day': 100, 'A-B night': 200 });
    const nobodys = await faresOf({
      ...agencies,
      ...attributes('one,1,EUR,1,0,', 'two,2,EUR,1,0,'),
      ...rules('two,R2,,,'),
    });
    expect(nobodys.fares).toEqual({ 'A-B night': 200, 'A-C night': 200, 'B-C night': 200 });
    expect(nobodys.leftOut).toEqual([
      'fare_attributes.txt: the feed has 2 agencies, and neither agency_id nor a route says for which it holds: fare one is left out',
    ]);
  });

  test('is the cheapest of those that pay for the same ride and for more', async () => {
    const clear = await faresOf(attributes('single,2,EUR,1,0,', 'transfer,3,EUR,1,2,', 'any,4,EUR,1,,'));
    expect([clear.fares, clear.warnings]).toEqual([everywhere(200), []]);
  });

  test('is the one that is paid in advance', async () => {
    const { fares } = await faresOf(attributes('driver,2,EUR,0,0,', 'counter,3,EUR,1,0,'));
    expect(fares).toEqual(everywhere(300));
  });

  test('is none where two prices are asked for the same ride, and the report says so once', async () => {
    const { fares, warnings } = await faresOf(attributes('adult,2,EUR,1,0,', 'child,1,EUR,1,0,'));
    expect(fares).toEqual({});
    expect(warnings).toEqual([
      expect.stringContaining(
        'the fares adult, child hold for the same ride, such as from A to B on route R1',
      ),
    ]);
  });

  test('whose ticket ends before the ride does not pay for it', async () => {
    // By day B is two hours from A, and C six.
    const fare = attributes('short,2,EUR,1,0,7200', 'long,3,EUR,1,0,90000');
    expect((await faresOf(fare)).fares).toEqual({
      'A-B day': 200,
      'A-C': 300,
      'B-C': 300,
      'A-B night': 300,
    });
  });
});

test('a trip that calls twice at a stop has no fare where its two rides would cost differently', async () => {
  const { fares } = await faresOf({
    ...zones,
    'stop_times.txt': csv(
      'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
      'day,10:00:00,10:00:00,A,1',
      'day,12:00:00,12:00:00,B,2',
      'day,13:00:00,13:00:00,A,3',
      'day,16:00:00,16:00:00,C,4',
      'night,22:00:00,22:00:00,A,1',
      'night,30:10:00,30:10:00,C,3',
    ),
    ...attributes('direct,2,EUR,1,0,', 'round,9,EUR,1,0,'),
    ...rules('direct,,,,1', 'direct,,,,3', 'round,,,,1', 'round,,,,2', 'round,,,,3'),
  });
  expect(fares).toEqual({ 'A-C night': 200, 'B-C': 900 });
});
