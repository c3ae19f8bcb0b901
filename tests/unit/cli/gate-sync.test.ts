import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolder, storedRunSchema, type OwnUse } from '../../../cli/gate/folder.ts';
import { syncFolder } from '../../../cli/gate/sync.ts';
import {
  gateIdSchema,
  runIdSchema,
  stopIdSchema,
  ticketIdSchema,
  useIdSchema,
} from '../../../shared/platform/ids.ts';
import { instantOf, plusSeconds, type Instant } from '../../../shared/platform/time.ts';

const departs = instantOf(Date.parse('2026-12-01T01:00:00Z'));
const runId = runIdSchema.parse('G1~2026-12-01');
const gate = { gateId: gateIdSchema.parse('north-1'), stopId: stopIdSchema.parse('S0') };

const use: OwnUse = {
  ...gate,
  ticketId: ticketIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9A-1'),
  useId: useIdSchema.parse('use-no-1'),
  code: 'a code',
  runId,
  at: departs,
  shownAt: departs,
};

const storedAt = (asOf: Instant) =>
  storedRunSchema.parse({
    asOf,
    run: {
      runId,
      trip: 'G1',
      state: 'open',
      delayMinutes: 0,
      stops: [{ stopId: 'S0', name: 'S0', timeZone: 'Asia/Shanghai', departs, boarding: true }],
    },
    rules: null,
    ended: [],
    tickets: [],
  });

/** A deployment that answers, whose clock is an hour ahead of the gate's. */
const apiAt = (now: Instant) => {
  const asked: string[] = [];
  return {
    asked,
    api: {
      keys: () => Promise.resolve({ carrierId: 'cn-rail', keys: [] }),
      run: (wanted: string) => {
        asked.push(wanted);
        return Promise.resolve(storedAt(plusSeconds(now, 3600)));
      },
      tell: (_gate: object, _sentAt: string, uses: readonly OwnUse[]) =>
        Promise.resolve(uses.map(({ useId }) => ({ useId, became: 'recorded' as const }))),
    },
  };
};

const syncAt = async (path: string, now: Instant) => {
  const { api, asked } = apiAt(now);
  await syncFolder(openFolder(path), api, { ...gate, runIds: [runId] }, () => Date.parse(now));
  return asked;
};

describe('the folder of a gate', () => {
  const newFolder = () => join(mkdtempSync(join(tmpdir(), 'keyun-gate-')), 'not-yet');

  test('is made by the first sync, with the error of the clock', async () => {
    const path = newFolder();
    expect(await syncAt(path, departs)).toEqual([runId]);
    expect(openFolder(path).settings()).toMatchObject({
      clockError: 3_600_000,
      syncedAt: plusSeconds(departs, 3600),
    });
    expect(openFolder(path).run(runId)).toEqual(storedAt(plusSeconds(departs, 3600)));
  });

  test('remembers a use once, and keeps no draft of it', async () => {
    const path = newFolder();
    await syncAt(path, departs);
    const folder = openFolder(path);
    expect([folder.remember(use), folder.remember({ ...use, useId: useIdSchema.parse('use-no-2') })]).toEqual(
      [true, false],
    );
    expect(folder.use(use.ticketId)).toEqual(use);
    expect(readdirSync(join(path, 'uses'))).toEqual([`${use.ticketId}.json`]);
  });

  test('keeps a run for days, and then neither it nor the codes of its passengers', async () => {
    const path = newFolder();
    await syncAt(path, departs);
    openFolder(path).remember(use);
    const days = (n: number) => plusSeconds(departs, n * 86_400 - 3600);
    expect(await syncAt(path, days(3))).toEqual([runId]);
    expect(existsSync(join(path, 'told', `${use.ticketId}.json`))).toBe(true);
    // Three days after the departure, by the deployment's clock.
    expect(await syncAt(path, plusSeconds(days(3), 1))).toEqual([]);
    expect(['runs', 'uses', 'told'].flatMap((kind) => readdirSync(join(path, kind)))).toEqual([]);
  });

  test('keeps what was never told, however old it is', async () => {
    const path = newFolder();
    await syncAt(path, departs);
    openFolder(path).remember(use);
    const { api, asked } = apiAt(plusSeconds(departs, 9 * 86_400));
    const deaf = { ...api, tell: () => Promise.resolve([]) };
    await syncFolder(openFolder(path), deaf, { ...gate, runIds: [runId] }, () =>
      Date.parse(plusSeconds(departs, 9 * 86_400)),
    );
    expect(asked).toEqual([runId]);
    expect(openFolder(path).untold()).toEqual([use]);
  });
});
