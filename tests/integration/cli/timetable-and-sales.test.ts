import { keyunOn } from '../../support/keyun-command.ts';
import { importingWorld, lastYear, late, type ImportingWorld } from '../../support/importing-world.ts';
import { writeFeed } from '../../support/sample-feed.ts';

// Each command is a process of its own.
jest.setTimeout(240_000);

let world: ImportingWorld;
beforeEach(async () => {
  world = await importingWorld();
});
afterEach(() => world.stop());

const keyun = keyunOn(() => world);

test('a timetable is tried, imported, listed, and put in force again', async () => {
  expect(await keyun('timetable', 'list')).toMatchObject({
    code: 0,
    out: expect.stringContaining('no timetable'),
  });
  const first = await world.imported();
  const second = await world.imported(late);
  await world.heldBy(1, 'day');

  const tried = await keyun('timetable', 'import', writeFeed(), '--fare-per-km', '10', '--dry-run');
  expect(tried).toMatchObject({ code: 0, out: expect.stringContaining('nothing is written') });
  expect(tried.out).toContain('Runs with held seats would follow if those holds end unpaid (1):');

  const doubted = await keyun('timetable', 'import', writeFeed(lastYear), '--fare-per-km', '10');
  expect(doubted.code).toBe(1);
  expect(doubted.err).toContain('its last day of service was 2026-12-31');
  expect(doubted.err).toContain('--yes');

  const list = await keyun('timetable', 'list', '--json');
  expect(JSON.parse(list.out)).toMatchObject({
    versions: [
      { version: second.version, inForce: true },
      { version: first.version, inForce: false, trips: 2, firstDate: '2027-01-01', lastDate: '2027-12-31' },
    ],
  });
  expect((await keyun('timetable', 'list')).out).toMatch(
    /^\w{26} {2}imported .*, in force\n\w{26} {2}imported .*\n$/,
  );

  expect(await keyun('timetable', 'rollback', 'nothing')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^keyun: nothing did not come into force: no timetable has that version.*\n$/),
  });
  const back = await keyun('timetable', 'rollback', first.version);
  expect(back).toMatchObject({
    code: 0,
    out: expect.stringContaining(`Version ${first.version} is in force again`),
  });
  expect(back.out).toContain('Runs with held seats follow if those holds end unpaid (1):');
});

test('the sale is shown, closed for a trip, and opened', async () => {
  await world.imported();
  expect(await keyun('sales', 'show')).toEqual({
    code: 0,
    out: 'On sale: departures from 2027-06-01 to 2027-06-20, 20 days\n',
    err: '',
  });
  expect(await keyun('sales', 'close', '--trip', 'ICE 70l')).toEqual({
    code: 1,
    out: '',
    err: 'keyun: the timetable in force has no trip ICE 70l\n',
  });
  expect(
    (await keyun('sales', 'close', '--trip', 'ICE 701', '--from', '2027-06-10', '--days', '6')).out,
  ).toContain('The trip ICE 701 is off sale from 2027-06-10 to 2027-06-15\n');
  expect(await world.journeys()).toEqual(['Nachtzug 06:10 7606']);
  expect(JSON.parse((await keyun('sales', 'show', '--json')).out)).toMatchObject({
    today: '2027-06-01',
    from: '2027-06-01',
    until: '2027-06-20',
    exceptions: [{ subject: { kind: 'trip', id: 'ICE 701' }, sale: 'closed' }],
    timetable: { lastDate: '2027-12-31' },
  });
  expect((await keyun('sales', 'open', '--trip', 'ICE 701')).out).not.toContain('off sale');
  expect((await keyun('sales', 'close')).out).toContain('No dates are on sale');
  expect(await keyun('sales', 'open', '--days', '30')).toMatchObject({
    code: 0,
    out: 'On sale: departures from 2027-06-01 to 2027-06-30, 30 days\n',
  });
});
