import {
  csv,
  everywhere,
  fareAttributes as attributes,
  fareRules as rules,
  faresOf,
} from '../../support/fares-of.ts';
import type { FeedTexts } from '../../support/sample-feed.ts';

describe('a fare of a feed that is not understood', () => {
  const withColumn = (column: string, value: string): FeedTexts => ({
    'fare_attributes.txt': csv(`fare_id,price,currency_type,${column}`, `one,2.50,EUR,${value}`),
  });

  test.each<[string, FeedTexts, string]>([
    [
      'an unknown column',
      withColumn('eligibility', 'students'),
      'has students in the column eligibility, which Keyun does not know and which may narrow for whom, where or when the fare applies',
    ],
    ['another currency', attributes('one,2.50,USD,1,0,'), 'is in USD, and this carrier sells in EUR'],
    ['no currency', attributes('one,2.50,,1,0,'), 'is in no currency, and this carrier sells in EUR'],
    ['a price below nothing', attributes('one,-2.50,EUR,1,0,'), '-2.50 is not a clear amount of EUR'],
    [
      'a price with too many decimals',
      attributes('one,2.505,EUR,1,0,'),
      '2.505 is not a clear amount of EUR',
    ],
    ['a price that may be thousands', attributes('one,2.000,EUR,1,0,'), '2.000 is not a clear amount of EUR'],
    ['a price with an exponent', attributes('one,2.5E1,EUR,1,0,'), '2.5E1 is not a clear amount of EUR'],
    ['an empty price', attributes('one,,EUR,1,0,'), 'an empty price is not a clear amount of EUR'],
    [
      'a price of nothing',
      attributes('one,0.00,EUR,1,0,'),
      'costs nothing: only --allow-free accepts such a fare',
    ],
    ['an unknown way to pay', attributes('one,2.50,EUR,7,0,'), 'payment_method 7 is unknown'],
    ['transfers that are no number', attributes('one,2.50,EUR,1,some,'), 'transfers some is unknown'],
    ['an unknown agency', withColumn('agency_id', 'X'), 'agency_id X is not in agency.txt'],
  ])('because of %s is left out, and said', async (_, changes, reason) => {
    const { fares, leftOut } = await faresOf(changes);
    expect(fares).toEqual({});
    expect(leftOut).toEqual([`fare_attributes.txt:2: ${reason}: fare one is left out`]);
  });

  test('leaves no ride to a fare that says less', async () => {
    const { fares, leftOut } = await faresOf({
      ...attributes('any,1,EUR,1,0,', 'free,0,EUR,1,0,', 'dollars,3,USD,1,0,'),
      ...rules('free,R1,,,', 'dollars,R2,,,', 'gone,R2,,,'),
    });
    expect(fares).toEqual({});
    expect(leftOut).toContainEqual(
      'fare_rules.txt:4: fare_id gone is not in fare_attributes.txt: no ride is sold where it applies: the row is left out',
    );
  });

  test('in another currency gives way to one of the same rule in the carrier’s', async () => {
    const { fares } = await faresOf(attributes('euros,2.50,EUR,1,0,', 'dollars,3,USD,1,0,'));
    expect(fares).toEqual(everywhere(250));
  });

  test('by a column of its rule holds nobody else’s ride', async () => {
    const { fares, leftOut } = await faresOf({
      ...attributes('one,2.50,EUR,1,0,'),
      'fare_rules.txt': csv('fare_id,route_id,start_time', 'one,R1,06:00:00', 'one,R2,'),
    });
    expect(fares).toEqual({ 'A-B night': 250, 'A-C night': 250, 'B-C night': 250 });
    expect(leftOut).toEqual([
      expect.stringContaining('fare_rules.txt:2: has 06:00:00 in the column start_time'),
    ]);
  });

  test('is one that occurs twice with different words, and one that occurs twice counts once', async () => {
    const twice = await faresOf(attributes('one,2.50,EUR,1,0,', 'one,3,EUR,1,0,'));
    expect(twice).toMatchObject({
      fares: {},
      leftOut: [
        'fare_attributes.txt:3: contradicts a line before, which has the same fare_id: fare one is left out',
      ],
    });
    const repeated = await faresOf(attributes('one,2.50,EUR,1,0,', 'one,2.50,EUR,1,0,'));
    expect([repeated.fares, repeated.leftOut]).toEqual([everywhere(250), []]);
  });

  test('is one without an id, or in a row that cannot be read: others without a rule are not sold', async () => {
    expect((await faresOf(attributes('one,2.50,EUR,1,0,', ',3,EUR,1,0,'))).fares).toEqual({});
    expect((await faresOf(attributes('one,2.50,EUR,1,0,', 'two,3,EUR,1,0,,9'))).fares).toEqual({});
  });
});
