import { join } from 'node:path';
import { findStops } from '../../shared/timetable/find-stops.ts';
import { folded } from '../../shared/timetable/fold-name.ts';
import { keptStopSchema, type KeptStop, type Stops } from '../../shared/timetable/version-store.ts';
import { openFeed } from '../../shared/feeds/open-feed.ts';
import { problemList } from '../../shared/feeds/problems.ts';
import { readTable } from '../../shared/feeds/read-table.ts';
import { seeded } from '../bench/seeded.ts';

const germany = join(process.env['KEYUN_SHARED_DATA'] ?? '', 'feeds', 'db-fv-2019.zip');
let stops: Stops;

const read = async (file: string, column: string, onText: (text: string, name: string) => void) => {
  const files = await openFeed(germany);
  try {
    await readTable({ file, required: [column] }, await files.open(file), problemList(), ({ text }) =>
      onText(text(column), text('stop_name')),
    );
  } finally {
    files.close();
  }
};

beforeAll(async () => {
  const calls = new Map<string, number>();
  await read('stop_times.txt', 'stop_id', (id) => void calls.set(id, (calls.get(id) ?? 0) + 1));
  const all: KeptStop[] = [];
  await read('stops.txt', 'stop_id', (stopId, name) => {
    const count = calls.get(stopId) ?? 0;
    if (count === 0) return;
    all.push(keptStopSchema.parse({ stopId, name, code: stopId, timeZone: 'Europe/Berlin', calls: count }));
  });
  stops = { all, byId: new Map() };
});

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** A name with one slip of the keyboard: a letter too few, too many or wrong, or two that changed places. */
const slipped = (name: string, random: () => number): string => {
  const at = Math.floor(random() * name.length);
  const letter = letters[Math.floor(random() * letters.length)] ?? '';
  const slip = Math.floor(random() * 4);
  if (slip === 0) return name.slice(0, at) + name.slice(at + 1);
  if (slip === 1) return name.slice(0, at) + letter + name.slice(at);
  if (slip === 2) return name.slice(0, at) + letter + name.slice(at + 1);
  const first = Math.min(at, name.length - 2);
  return name.slice(0, first) + name.charAt(first + 1) + name.charAt(first) + name.slice(first + 2);
};

/** The share of stops whose name comes first when somebody types it so. */
const precision = (typed: (name: string) => string): number => {
  const right = stops.all.filter(({ name }) => {
    const [best] = findStops(stops, typed(name), 20);
    return best !== undefined && folded(best.name) === folded(name);
  });
  return right.length / stops.all.length;
};

describe('the stops of a country', () => {
  test('are found by their names without marks, every one of them first', () => {
    expect(stops.all).toHaveLength(664);
    expect(precision(folded)).toBe(1);
  });

  test('are found with one slip of the keyboard, all but a few of three letters', () => {
    const random = seeded(7);
    expect(precision((name) => slipped(folded(name), random))).toBeGreaterThan(0.985);
  });
});
