/**
 * The Beijing–Shanghai high-speed line (京沪高铁): telecode, name, kilometres from 北京南 (rounded), place. The codes
 * are those printed on tickets.
 */
export const corridor = [
  ['VNP', '北京南', 0, 39.865, 116.379],
  ['LJP', '廊坊', 59, 39.504, 116.708],
  ['TIP', '天津南', 122, 39.057, 117.06],
  ['CBP', '沧州西', 210, 38.302, 116.762],
  ['DIP', '德州东', 314, 37.444, 116.374],
  ['JGK', '济南西', 406, 36.669, 116.891],
  ['TMK', '泰安', 465, 36.18, 117.008],
  ['QAK', '曲阜东', 533, 35.561, 117.052],
  ['TEK', '滕州东', 589, 35.072, 117.232],
  ['ZEK', '枣庄', 625, 34.786, 117.318],
  ['UUH', '徐州东', 692, 34.218, 117.291],
  ['SRH', '宿州东', 759, 33.655, 117.066],
  ['BMH', '蚌埠南', 844, 32.862, 117.425],
  ['EWH', '定远', 897, 32.532, 117.593],
  ['CXH', '滁州', 959, 32.309, 118.303],
  ['NKH', '南京南', 1023, 31.969, 118.798],
  ['ZEH', '镇江南', 1088, 32.143, 119.455],
  ['EXH', '丹阳北', 1112, 32.052, 119.602],
  ['ESH', '常州北', 1144, 31.845, 119.972],
  ['WGH', '无锡东', 1201, 31.593, 120.458],
  ['OHH', '苏州北', 1227, 31.424, 120.645],
  ['KNH', '昆山南', 1267, 31.36, 120.954],
  ['AOH', '上海虹桥', 1318, 31.194, 121.32],
] as const;

export type CorridorStop = (typeof corridor)[number][0];

/** Where each kind of train stops between its ends. The line's own trains come in about such kinds. */
const express = ['JGK', 'NKH'] as const;
const patterns = {
  express,
  fast: ['TIP', 'JGK', 'UUH', 'NKH', 'OHH'],
  north: ['LJP', 'CBP', 'JGK', 'QAK', 'BMH', 'NKH', 'ESH', 'KNH'],
  middle: ['DIP', 'TMK', 'TEK', 'UUH', 'SRH', 'NKH', 'ZEH', 'WGH'],
  south: ['TIP', 'DIP', 'JGK', 'ZEK', 'UUH', 'EWH', 'CXH', 'NKH', 'EXH', 'WGH', 'OHH'],
  mixed: ['CBP', 'TMK', 'QAK', 'UUH', 'BMH', 'CXH', 'NKH', 'ESH', 'KNH'],
  everywhere: corridor.map(([id]) => id),
} satisfies Record<string, readonly CorridorStop[]>;

export type Train = {
  name: string;
  from: CorridorStop;
  to: CorridorStop;
  departs: string;
  stops: readonly CorridorStop[];
};

type Departure = readonly [
  departs: string,
  pattern: keyof typeof patterns,
  from?: CorridorStop,
  to?: CorridorStop,
];

/** One direction; the other runs at the same times with the ends exchanged. Numbered below, in this order. */
const longDistance: readonly (readonly [number: number, ...Departure])[] = [
  [5, '07:00', 'express'],
  [11, '08:00', 'express'],
  [1, '09:00', 'express'],
  [13, '10:00', 'express'],
  [15, '11:00', 'express'],
  [17, '13:00', 'express'],
  [3, '14:00', 'express'],
  [9, '15:00', 'express'],
  [19, '16:00', 'express'],
  [21, '17:00', 'express'],
  [7, '19:00', 'express'],
  [101, '06:30', 'north'],
  [103, '07:25', 'fast'],
  [107, '08:35', 'middle'],
  [111, '09:25', 'south'],
  [113, '10:25', 'fast'],
  [117, '11:35', 'mixed'],
  [121, '12:15', 'north'],
  [125, '13:25', 'south'],
  [129, '14:30', 'fast'],
  [135, '15:35', 'middle'],
  [141, '16:30', 'mixed'],
  [147, '17:25', 'fast'],
  [151, '07:40', 'everywhere'],
  [201, '18:30', 'middle', 'VNP', 'NKH'],
  [203, '19:25', 'south', 'VNP', 'NKH'],
  [331, '20:10', 'north', 'VNP', 'JGK'],
  [455, '07:15', 'mixed', 'JGK', 'AOH'],
];

const kilometresOf = new Map<CorridorStop, number>(corridor.map(([id, , km]) => [id, km]));
export const kilometre = (stop: CorridorStop): number => kilometresOf.get(stop) ?? 0;

const between = (pattern: readonly CorridorStop[], from: CorridorStop, to: CorridorStop) => {
  const [low, high] = [kilometre(from), kilometre(to)].sort((a, b) => a - b);
  const inner = pattern.filter((stop) => kilometre(stop) > (low ?? 0) && kilometre(stop) < (high ?? 0));
  return kilometre(from) < kilometre(to) ? inner : inner.toReversed();
};

const train = (
  name: string,
  departs: string,
  pattern: keyof typeof patterns,
  ends: CorridorStop[],
): Train => {
  const [from = 'VNP', to = 'AOH'] = ends;
  return { name, departs, from, to, stops: [from, ...between(patterns[pattern], from, to), to] };
};

/**
 * Odd numbers go south, even ones north, as on the real line. K1 and K2 are a railcar of four seats: the train on which
 * a fight for the last seat can be shown.
 */
export const trains: readonly Train[] = [
  ...longDistance.map(([number, departs, pattern, from = 'VNP', to = 'AOH']) =>
    train(`G${number}`, departs, pattern, [from, to]),
  ),
  ...longDistance.map(([number, departs, pattern, from = 'VNP', to = 'AOH']) =>
    train(`G${number + 1}`, departs, pattern, [to, from]),
  ),
  train('K1', '21:30', 'north', ['OHH', 'AOH']),
  train('K2', '20:15', 'north', ['AOH', 'OHH']),
];
