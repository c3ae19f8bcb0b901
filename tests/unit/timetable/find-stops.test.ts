import { pinyinInitials, romanise } from '../../../shared/feeds/romanise.ts';
import { findStops } from '../../../shared/timetable/find-stops.ts';
import { keptStopSchema, type KeptStop, type Stops } from '../../../shared/timetable/version-store.ts';

const stop = (name: string, code: string, calls: number, more: Partial<KeptStop> = {}) =>
  keptStopSchema.parse({
    stopId: code,
    name,
    code,
    calls,
    timeZone: 'Asia/Shanghai',
    latin: romanise(name),
    initials: pinyinInitials(name),
    ...more,
  });

const stopsOf = (...all: KeptStop[]): Stops => ({ all, byId: new Map() });

const stops = stopsOf(
  stop('北京', 'BJP', 50),
  stop('北京南', 'VNP', 90),
  stop('北京西', 'BXP', 70),
  stop('München Hbf', 'MH', 10),
  stop('München Ost', 'MO', 20),
  stop('Neuss', 'BJ', 1),
  stop('Straße', 'ST', 1),
  stop('Łódź-Widzew', 'LW', 1),
  stop('Tromsø', 'TR', 1),
  stop('São Paulo', 'SP', 1),
  stop("L'Aquila", 'LA', 1),
  stop('Frankfurt(Main)Hbf', 'FF', 9),
  stop('Frankfurt(Main)Süd', 'FS', 3),
  stop('重庆北', 'CUW', 40),
  stop('长沙南', 'CWQ', 30),
  stop('虹桥', 'AOH', 60, { city: '上海' }),
  stop('Wien Hbf', 'WH', 8, { names: { en: 'Vienna Main Station', cs: 'Vídeň' } }),
  stop('Москва', 'MSK', 5),
);
const found = (query: string, limit = 20) => findStops(stops, query, limit).map(({ name }) => name);

describe('stops', () => {
  test('are found by name, the whole name first and then the busiest', () => {
    expect(found('北京')).toEqual(['北京', '北京南', '北京西']);
  });

  test('are found by code and by pinyin initials, an exact code before all else', () => {
    expect(found('vnp')).toEqual(['北京南']);
    expect(found('bjn')).toEqual(['北京南']);
    expect(found('BJ')).toEqual(['Neuss', '北京', '北京南', '北京西']);
  });

  test.each([
    ['munchen', ['München Ost', 'München Hbf']],
    ['muenchen', ['München Ost', 'München Hbf']],
    ['  MÜNCHEN   hbf ', ['München Hbf']],
    ['hbf munchen', ['München Hbf']],
    ['strasse', ['Straße']],
    ['lodz', ['Łódź-Widzew']],
    ['lodzwidzew', ['Łódź-Widzew']],
    ['Łódź Widzew', ['Łódź-Widzew']],
    ['tromso', ['Tromsø']],
    ['tromsoe', ['Tromsø']],
    ['sao-paulo', ['São Paulo']],
    ['laquila', ["L'Aquila"]],
    ['l’aquila', ["L'Aquila"]],
    ['frankfurt hbf', ['Frankfurt(Main)Hbf']],
    ['москва', ['Москва']],
    ['moskva', ['Москва']],
  ])('are found by %p, without marks, hyphens, apostrophes and capitals', (query, names) => {
    expect(found(query)).toEqual(names);
  });

  test.each([
    ['beijingnan', ['北京南']],
    ['bei jing nan', ['北京南']],
    ['beijing', ['北京', '北京南', '北京西']],
    ['chongqing', ['重庆北']],
    ['chang sha', ['长沙南']],
    ['cqb', ['重庆北']],
  ])('are found by the pinyin %p, whole, by syllable or by initials', (query, names) => {
    expect(found(query)).toEqual(names);
  });

  test('are found by their city, and by their names in other languages', () => {
    expect(found('上海')).toEqual(['虹桥']);
    expect(found('vienna')).toEqual(['Wien Hbf']);
    expect(found('viden')).toEqual(['Wien Hbf']);
  });

  test.each([
    ['munhcen hbf', ['München Hbf']],
    ['muenchn ost', ['München Ost']],
    ['frankfrut', ['Frankfurt(Main)Hbf', 'Frankfurt(Main)Süd']],
    ['bejingnan', ['北京南']],
    ['viena', ['Wien Hbf']],
  ])('are found by %p, where nothing matches without a slip', (query, names) => {
    expect(found(query)).toEqual(names);
  });

  test('are no more than asked for, and none where none is meant', () => {
    expect(found('北京', 2)).toHaveLength(2);
    expect(found('xyz')).toEqual([]);
    expect(found('---')).toEqual([]);
    // A short word has no slip to forgive: it would mean any other short word.
    expect(found('lw1')).toEqual([]);
  });

  test('whose name matches as typed keep those with a slip out', () => {
    const alike = stopsOf(stop('Neuss', 'A', 1), stop('Neusa', 'B', 9));
    expect(findStops(alike, 'neuss', 20).map(({ name }) => name)).toEqual(['Neuss']);
  });
});
