import { readChanged, type FeedTexts } from '../../support/sample-feed.ts';

const headsigns: FeedTexts = {
  'trips.txt': [
    'route_id,service_id,trip_id,trip_short_name,trip_headsign',
    'R1,daily,day,ICE 701,München',
    'R2,daily,night,,München',
    '',
  ].join('\n'),
};
const feedLanguage: FeedTexts = { 'feed_info.txt': 'feed_publisher_name,feed_lang\nNordbahn,de\n' };

const read = async (translations: string, changes: FeedTexts = {}) => {
  const { feed, problems, warnings, leftOut } = await readChanged({
    ...headsigns,
    ...feedLanguage,
    ...changes,
    'translations.txt': translations,
  });
  const stop = [...(feed?.stops.stops.values() ?? [])].find(({ name }) => name === 'München Hbf');
  return { stop, trips: feed?.trips ?? [], problems, warnings, leftOut };
};

const newer = 'table_name,field_name,language,translation,record_id,record_sub_id,field_value';

describe('translations', () => {
  test('by record give names to stops, beside the name in the language of the feed', async () => {
    const { stop } = await read(`${newer}\nstops,stop_name,en,Munich Central,C,,\n`);
    expect(stop?.names).toEqual({ de: 'München Hbf', en: 'Munich Central' });
  });

  test('by text give names to stops, headsigns and routes', async () => {
    const { stop, trips } = await read(
      [
        newer,
        'stops,stop_name,en,Munich Central,,,München Hbf',
        'trips,trip_headsign,en,Munich,,,München',
        'routes,route_long_name,en,Night train,,,Nachtzug',
        'routes,route_short_name,en,Not the name that is shown,,,Nachtzug',
        '',
      ].join('\n'),
    );
    expect(stop?.names).toMatchObject({ en: 'Munich Central' });
    expect(trips.map(({ headsign }) => headsign)).toEqual([
      { text: 'München', names: { de: 'München', en: 'Munich' } },
      { text: 'München', names: { de: 'München', en: 'Munich' } },
    ]);
    expect(trips.map(({ names }) => names)).toEqual([undefined, { de: 'Nachtzug', en: 'Night train' }]);
  });

  test('of one record win over those of its text', async () => {
    const { trips } = await read(
      [
        newer,
        'trips,trip_headsign,en,Munich,,,München',
        'trips,trip_headsign,en,Munich by night,night,,',
        '',
      ].join('\n'),
    );
    expect(trips.map(({ headsign }) => headsign?.names?.['en'])).toEqual(['Munich', 'Munich by night']);
  });

  test('in the older form, by trans_id, hold for every field with that text', async () => {
    const { stop, trips } = await read(
      'trans_id,lang,translation\nMünchen Hbf,en,Munich Central\nMünchen,zh-hans,慕尼黑\n',
    );
    expect(stop?.names).toEqual({ de: 'München Hbf', en: 'Munich Central' });
    expect(trips[0]?.headsign?.names).toEqual({ de: 'München', 'zh-Hans': '慕尼黑' });
  });

  test('do not claim a language for a feed that mixes several', async () => {
    const mixed = { 'feed_info.txt': 'feed_publisher_name,feed_lang\nNordbahn,mul\n' };
    const { stop } = await read(`${newer}\nstops,stop_name,en,Munich Central,C,,\n`, mixed);
    expect(stop?.names).toEqual({ en: 'Munich Central' });
  });

  test('of calls change the headsign from that stop on', async () => {
    const { trips } = await read(`${newer}\nstop_times,stop_headsign,en,Via Berlin,,,über Berlin\n`, {
      'stop_times.txt': [
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence,stop_headsign',
        'day,10:00:00,10:00:00,A,1,über Berlin',
        'day,12:00:00,12:05:00,B,2,',
        'day,16:00:00,16:00:00,C,3,',
        'night,22:00:00,22:00:00,A,1,',
        'night,24:30:00,24:40:00,B,2,',
        '',
      ].join('\n'),
    });
    expect(trips[0]?.calls.map(({ headsign }) => headsign)).toEqual([
      { text: 'über Berlin', names: { de: 'über Berlin', en: 'Via Berlin' } },
      undefined,
      undefined,
    ]);
  });

  test('that cannot be read leave out the row, and the feed is read all the same', async () => {
    const { stop, trips, problems } = await read(
      [
        newer,
        'stops,stop_name,english please,Munich,C,,',
        'stops,stop_name,en,,C,,',
        'stops,stop_name,en,Munich,,,',
        'stops,stop_desc,??,Not a field that is shown,C,,',
        '',
      ].join('\n'),
    );
    expect(problems).toEqual([
      'translations.txt:2: language english please is not a BCP 47 tag, such as de or zh-Hans: the row is left out',
      'translations.txt:3: translation is empty: the row is left out',
      'translations.txt:4: names neither a record nor a text to translate: the row is left out',
    ]);
    expect(stop?.names).toBeUndefined();
    expect(trips).toHaveLength(2);
  });

  test('in an empty file are none', async () => {
    const { stop, problems } = await read('');
    expect([stop?.names, problems]).toEqual([undefined, []]);
  });
});

describe('translations that are left out', () => {
  const [tooLong, privateTag] = ['x'.repeat(201), `de-x-${'abcdefgh-'.repeat(20)}a`];
  test.each([
    [`stops,stop_name,en,${tooLong},C,,`, 'translation has more than 200 characters'],
    [`stops,stop_name,${privateTag},Munich,C,,`, `language ${privateTag} is not a BCP 47 tag`],
  ])('%.40s', async (row, reason) => {
    const { stop, leftOut } = await read(`${newer}\n${row}\nstops,stop_name,fr,Munich,C,,\n`);
    expect(stop?.names).toEqual({ de: 'München Hbf', fr: 'Munich' });
    expect(leftOut).toEqual([expect.stringContaining(reason)]);
  });

  test('are those in more than twenty languages: everybody who reads a name reads all of them', async () => {
    const rows = Array.from({ length: 25 }, (_, n) => `stops,stop_name,de-x-${n + 10},München,C,,`);
    const { stop, leftOut } = await read(`${newer}\n${rows.join('\n')}\n`);
    expect(Object.keys(stop?.names ?? {})).toHaveLength(21);
    expect(leftOut).toHaveLength(5);
    expect(leftOut[0]).toBe(
      'translations.txt:22: language de-x-30 is one more than the 20 that a feed can have: the row is left out',
    );
  });
});
