import { findStops } from '../../../shared/timetable/find-stops.ts';
import { keptStopSchema, type Stops } from '../../../shared/timetable/version-store.ts';

const stop = (name: string, code: string, calls: number, initials?: string) =>
  keptStopSchema.parse({ stopId: code, name, code, calls, timeZone: 'Asia/Shanghai', initials });

const stops: Stops = {
  all: [
    stop('北京', 'BJP', 50, 'BJ'),
    stop('北京南', 'VNP', 90, 'BJN'),
    stop('北京西', 'BXP', 70, 'BJX'),
    stop('München Hbf', 'MH', 10),
    stop('München Ost', 'MO', 20),
    stop('Neuss', 'BJ', 1),
    stop('Straße', 'ST', 1),
  ],
  byId: new Map(),
};
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

  test('are found without accents, in any case, and by a part of the name', () => {
    expect(found('munchen')).toEqual(['München Ost', 'München Hbf']);
    expect(found('  MÜNCHEN   hbf ')).toEqual(['München Hbf']);
    expect(found('hbf')).toEqual(['München Hbf']);
    expect(found('strasse')).toEqual(['Straße']);
  });

  test('are no more than asked for, and none where none fits', () => {
    expect(found('北京', 2)).toHaveLength(2);
    expect(found('xyz')).toEqual([]);
  });
});
