import { noTicketsFor, noTravelOf } from '../../../shared/paying/no-travel.ts';
import { stopIdSchema } from '../../../shared/platform/ids.ts';
import { plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { sampleRun } from '../../support/sample-run.ts';

const run = sampleRun('2026-12-20', 2);
const boards = run.stops[1]!;
const order = {
  departsAt: boards.departs,
  from: { ...sampleOrder('paid').from, stopId: boards.stopId },
  to: { ...sampleOrder('paid').to, stopId: run.stops[3]!.stopId },
};
const before = plusSeconds(boards.departs, -7200);

const earlier = (seconds: number): Run => ({
  ...run,
  stops: run.stops.map((stop) => ({ ...stop, departs: plusSeconds(stop.departs, -seconds) })),
});
const closed: Run = { ...run, state: 'closed' };
const away: Run = { ...run, stops: run.stops.slice(2) };
const past: Run = { ...run, stops: run.stops.slice(0, 3) };
const passes: Run = {
  ...run,
  stops: run.stops.map((stop) => ({ ...stop, boarding: stop.stopId !== boards.stopId })),
};
const elsewhere: Run = {
  ...run,
  stops: run.stops.map((stop) => ({ ...stop, stopId: stopIdSchema.parse(`X${stop.stopId}`) })),
};

type Today = { run: Run | undefined; newest: Run | undefined };
type Expected = [late: string | undefined, ticket: string | undefined];
const both = (why?: string): Expected => [why, why];

test.each<[string, Today, Instant, Expected]>([
  ['nothing speaks against it', { run, newest: run }, before, both()],
  ['the newest timetable has it just so', { run, newest: { ...run } }, before, both()],
  ['nobody has frozen it', { run: undefined, newest: undefined }, before, both('run-closed')],
  ['it is closed', { run: closed, newest: closed }, before, both('run-closed')],
  ['it is closed, and gone as well', { run: closed, newest: undefined }, before, both('run-closed')],
  ['it has left', { run, newest: run }, boards.departs, both('departed')],
  ['it has left, and is gone as well', { run, newest: undefined }, boards.departs, both('departed')],
  ['it leaves in a moment', { run, newest: run }, plusSeconds(boards.departs, -0.001), both()],
  ['the newest timetable does not have it', { run, newest: undefined }, before, ['run-gone', undefined]],
  ['it does not call where they board', { run, newest: away }, before, ['run-gone', undefined]],
  ['it does not call where they alight', { run, newest: past }, before, ['run-gone', undefined]],
  ['nobody may board there any more', { run, newest: passes }, before, ['run-gone', undefined]],
  ['it calls at other stops', { run, newest: elsewhere }, before, ['run-gone', undefined]],
  ['it has left by the newest timetable', { run, newest: earlier(7200) }, before, both('departed')],
  ['it leaves in a moment by that', { run, newest: earlier(7199) }, before, both()],
  [
    'it leaves later by that, and had left as sold',
    { run, newest: earlier(-60) },
    boards.departs,
    both('departed'),
  ],
])('%s', (_, today, now, [late, ticket]) => {
  expect(noTravelOf(order, today, now)).toBe(late);
  expect(noTicketsFor(order, today, now)).toBe(ticket);
});
