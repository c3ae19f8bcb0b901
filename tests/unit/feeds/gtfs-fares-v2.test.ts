import { csv, everywhere, faresOf } from '../../support/fares-of.ts';
import type { FeedTexts } from '../../support/sample-feed.ts';

const products = (...rows: string[]): FeedTexts => ({
  'fare_products.txt': csv(
    'fare_product_id,fare_product_name,rider_category_id,fare_media_id,amount,currency',
    ...rows,
  ),
});
const legs = (...rows: string[]): FeedTexts => ({
  'fare_leg_rules.txt': csv('leg_group_id,network_id,from_area_id,to_area_id,fare_product_id', ...rows),
});
const areas = (...rows: string[]): FeedTexts => ({ 'stop_areas.txt': csv('area_id,stop_id', ...rows) });
const networks = {
  'routes.txt': csv('route_id,route_short_name,network_id', 'R1,ICE 1,fast', 'R2,Nachtzug,slow'),
};

describe('a leg of GTFS Fares v2 costs', () => {
  test('what the only product does, where its rule names nothing', async () => {
    const read = await faresOf({ ...products('P,Single,,,12.00,EUR'), ...legs(',,,,P') });
    expect(read).toEqual({ fares: everywhere(1200), leftOut: [], warnings: [] });
  });

  test('what its network and its areas say, and an empty field is what no rule names', async () => {
    const { fares } = await faresOf({
      ...networks,
      ...products('F,Fast,,,30,EUR', 'S,Slow,,,20,EUR', 'N,Near,,,5,EUR'),
      ...areas('north,A', 'north,B', 'south,C'),
      ...legs(',fast,north,south,F', ',slow,north,south,S', ',,north,north,N'),
    });
    // From B to C as from A to C. The third rule has no network: that is any which the others do not name, and there is none.
    expect(fares).toEqual({ 'A-C day': 3000, 'A-C night': 2000, 'B-C day': 3000, 'B-C night': 2000 });
  });

  test('what the rule of the highest priority says, and then an empty field is anything', async () => {
    const { fares } = await faresOf({
      ...networks,
      ...products('F,Fast,,,30,EUR', 'N,Near,,,5,EUR'),
      ...areas('north,A', 'north,B', 'south,C'),
      'fare_leg_rules.txt': csv(
        'network_id,from_area_id,to_area_id,fare_product_id,rule_priority',
        'fast,,,F,1',
        ',north,,N,',
      ),
    });
    expect(fares).toEqual({
      'A-B day': 3e3,
      'A-C day': 3e3,
      'B-C day': 3e3,
      'A-B night': 500,
      'A-C night': 500,
      'B-C night': 500,
    });
  });

  test('what the areas of its platform say, and else those of the station', async () => {
    const station = {
      'stops.txt': csv(
        'stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station',
        'A,Altona,53.552,9.935,,',
        'HBF,Berlin Hbf,52.525,13.369,1,',
        'B,Berlin Hbf,52.525,13.369,,HBF',
        'C,München Hbf,48.140,11.558,,',
      ),
      ...products('P,,,,5,EUR', 'Q,,,,7,EUR'),
      ...legs(',,west,mid,P', ',,west,deep,Q'),
    };
    expect((await faresOf({ ...station, ...areas('west,A', 'mid,HBF') })).fares).toEqual({ 'A-HBF': 500 });
    const own = areas('west,A', 'mid,HBF', 'deep,B');
    expect((await faresOf({ ...station, ...own })).fares).toEqual({ 'A-HBF': 700 });
  });

  test('what route_networks.txt says of its route', async () => {
    const { fares } = await faresOf({
      ...products('P,,,,5,EUR'),
      ...legs(',fast,,,P'),
      'route_networks.txt': csv('network_id,route_id', 'fast,R1'),
    });
    expect(fares).toEqual({ 'A-B day': 500, 'A-C day': 500, 'B-C day': 500 });
  });

  test('nothing certain where a stop may or may not be in “all other areas”', async () => {
    const { fares, warnings } = await faresOf({
      ...products('P,,,,5,EUR', 'Q,,,,7,EUR'),
      ...areas('north,A', 'south,C'),
      ...legs(',,north,south,P', ',,,south,Q'),
    });
    expect(fares).toEqual({ 'A-C': 500 });
    expect(warnings).toEqual([
      'fare_leg_rules.txt: Q may or may not apply where a rule leaves a network or area empty, such as from B to C on route R1: no such ride is sold',
    ]);
  });

  test('nothing in the times of a timeframe, which has no time of its own here', async () => {
    const { fares, leftOut } = await faresOf({
      ...products('P,,,,5,EUR', 'Q,,,,7,EUR'),
      ...areas('north,A', 'north,B', 'south,C'),
      'fare_leg_rules.txt': csv(
        'from_area_id,to_area_id,from_timeframe_group_id,fare_product_id',
        'north,north,peak,Q',
        'north,north,,P',
        'north,south,,P',
      ),
    });
    expect(fares).toEqual({ 'A-C': 500, 'B-C': 500 });
    expect(leftOut).toEqual([
      'fare_leg_rules.txt:2: holds in the times peak alone, and a ride has one fare at all times: fare Q is left out',
    ]);
  });

  test.each<[string, FeedTexts, string]>([
    [
      'an unknown column of its rule',
      { 'fare_leg_rules.txt': csv('fare_product_id,max_distance', 'P,10') },
      'fare_leg_rules.txt:2: has 10 in the column max_distance',
    ],
    [
      'an unknown column of its product',
      { 'fare_products.txt': csv('fare_product_id,amount,currency,duration_amount', 'P,5,EUR,90') },
      'fare_products.txt:2: has 90 in the column duration_amount',
    ],
    [
      'a priority that is no number',
      { 'fare_leg_rules.txt': csv('fare_product_id,rule_priority', 'P,first') },
      'fare_leg_rules.txt:2: rule_priority first',
    ],
    [
      'a product that is missing',
      legs(',,,,P', ',,,,Q'),
      'fare_leg_rules.txt:3: the fare product is not in fare_products.txt',
    ],
    ['another currency', products('P,,,,5,USD'), 'fare_products.txt:2: is in USD'],
    ['a discount', products('P,,,,-5,EUR'), 'fare_products.txt:2: -5 is not'],
    ['a price of nothing', products('P,,,,0,EUR'), 'fare_products.txt:2: costs nothing'],
  ])('nothing because of %s, and the report says so', async (_, changes, reason) => {
    const read = await faresOf({ ...products('P,,,,5,EUR'), ...legs(',,,,P'), ...changes });
    expect(read).toMatchObject({ fares: {}, leftOut: [expect.stringContaining(reason)] });
  });

  test('nothing at all if a row cannot be read, or a file is missing or broken', async () => {
    const sound = { ...products('P,,,,5,EUR'), ...legs(',,,,P') };
    for (const [changes, reason] of [
      [legs(',,,,P', ',,A,,P,,,9'), 'a row that cannot be read may narrow where any fare holds'],
      [areas('north,A', 'north,B,C'), 'a row that cannot be read may narrow where any fare holds'],
      [{ 'fare_products.txt': undefined }, 'fare_products.txt: is missing'],
      [{ 'fare_products.txt': csv('fare_product_id,amount', 'P,5') }, 'lacks the column currency'],
    ] as [FeedTexts, string][]) {
      const read = await faresOf({ ...sound, ...changes });
      expect(read).toMatchObject({ fares: {}, warnings: [expect.stringContaining(reason)] });
    }
  });
});

describe('a product of GTFS Fares v2', () => {
  const riders = {
    'rider_categories.txt': csv(
      'rider_category_id,rider_category_name,is_default_fare_category',
      'adult,Adult,1',
      'senior,Senior,0',
    ),
  };
  const media = {
    'fare_media.txt': csv(
      'fare_media_id,fare_media_name,fare_media_type',
      'cash,Cash,0',
      'card,Card,2',
      'app,App,4',
    ),
  };
  const priceOf = async (rows: string[], more: FeedTexts = {}) => {
    const { fares, ...told } = await faresOf({ ...products(...rows), ...legs(',,,,P'), ...more });
    return { price: fares['A-C'], ...told };
  };

  test('costs what passengers of the default category pay, and the report names the others', async () => {
    const read = await priceOf(['P,,senior,,1,EUR', 'P,,adult,,2,EUR'], riders);
    expect(read.price).toBe(200);
    expect(read.warnings).toEqual([
      'fare_products.txt: 1 fares of the rider category senior are not sold: it is not the default, and other passengers pay their share of the adult fare',
    ]);
  });

  test('is not sold if no category is the default, or if two are', async () => {
    expect((await priceOf(['P,,senior,,1,EUR', 'P,,adult,,2,EUR'])).price).toBeUndefined();
    const both = String(riders['rider_categories.txt']).replace('Senior,0', 'Senior,1');
    const read = await priceOf(['P,,senior,,1,EUR', 'P,,adult,,2,EUR'], { 'rider_categories.txt': both });
    expect(read.price).toBeUndefined();
    expect(read.warnings).toContainEqual(expect.stringContaining('several categories are the default'));
  });

  test('costs what it does with an app where that depends on the ticket, and a card is none of ours', async () => {
    expect((await priceOf(['P,,,cash,3,EUR', 'P,,,app,2,EUR', 'P,,,card,1,EUR'], media)).price).toBe(200);
    expect((await priceOf(['P,,,cash,3,EUR', 'P,,,card,1,EUR'], media)).price).toBe(300);
    const cardOnly = await priceOf(['P,,,card,1,EUR'], media);
    expect(cardOnly.price).toBeUndefined();
    expect(cardOnly.leftOut).toEqual([
      expect.stringContaining('is for a kind of ticket that Keyun does not issue'),
    ]);
    expect((await priceOf(['P,,,nobody,1,EUR'], media)).price).toBeUndefined();
  });

  test('is not sold at two prices that nothing tells apart', async () => {
    const read = await priceOf(['P,,,,3,EUR', 'P,,,app,2,EUR'], media);
    expect(read.price).toBeUndefined();
    expect(read.leftOut).toEqual([
      'fare_products.txt:2: has several prices, and nothing tells which is that of our tickets: fare P is left out',
    ]);
  });

  test('is the cheapest of those for a leg if the feed tells passengers apart, and else none is sold', async () => {
    const rules = legs(',,,,P', ',,,,DAY');
    const told = await priceOf(['P,Single,adult,,2,EUR', 'DAY,Day,adult,,8,EUR'], { ...riders, ...rules });
    expect(told.price).toBe(200);
    const untold = await priceOf(['P,Single,,,2,EUR', 'DAY,Day,,,8,EUR'], rules);
    expect(untold.price).toBeUndefined();
    expect(untold.warnings).toEqual([expect.stringContaining('DAY, P pay for the same ride')]);
  });
});

test('a feed with both forms of fares is sold by the second, or by the first if the second sells nothing', async () => {
  const first = { 'fare_attributes.txt': csv('fare_id,price,currency_type', 'one,9,EUR') };
  const both = await faresOf({ ...first, ...products('P,,,,5,EUR'), ...legs(',,,,P') });
  expect(both.fares).toEqual(everywhere(500));
  expect(both.warnings).toEqual([expect.stringContaining('fare_attributes.txt: is not read')]);
  const foreign = await faresOf({ ...first, ...products('P,,,,5,USD'), ...legs(',,,,P') });
  expect(foreign.fares).toEqual(everywhere(900));
});
