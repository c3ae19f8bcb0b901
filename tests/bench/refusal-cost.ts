import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocal, type LocalRun } from '../../infra/local/run/run-stack.ts';
import { instantOf, localDateOf, plusDays } from '../../shared/platform/time.ts';
import { signIn, type Journey, type Wish } from '../../cli/demo/client.ts';
import { passenger } from '../../cli/demo/passengers.ts';
import { importFirstTimetable } from '../../cli/first-timetable.ts';

export type RefusalCost = {
  requests: number;
  refusedMs: number;
  emptyMs: number;
  /** A handler that does nothing but one read: a ticket that does not exist. */
  oneReadMs: number;
  ratio: number;
};

const from = 'VNP';
const to = 'AOH';
const wanted = 'business';
const unknownTicket = '00000000000000000000000000-1';

/**
 * What a request costs that is refused because the train is sold out, against one that a handler does nothing for: the
 * same request without passengers, which goes the same way (gateway, token, function, frame) and ends before the
 * handler begins. Over HTTP, through the whole local run, one after the other in turns; medians.
 */
export const measureRefusal = async (requests: number): Promise<RefusalCost> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'keyun-bench-'));
  let run: LocalRun | undefined;
  try {
    run = await startLocal({ dataDir, ports: 'free', quiet: true });
    await importFirstTimetable(run);
    const buyer = await signIn(run.endpoints, dataDir, 'late@example.com');
    const journey = await sellOut(run, dataDir);
    const wish = (numbers: number[]): Wish => ({
      runId: journey.runId,
      from,
      to,
      class: wanted,
      passengers: numbers.map(passenger),
    });
    const refused: number[] = [];
    const empty: number[] = [];
    const oneRead: number[] = [];
    const warmUp = Math.ceil(requests / 5);
    for (let n = -warmUp; n < requests; n += 1) {
      const times = [
        await timed(() => buyer.placeOrder(wish([500])), 409),
        await timed(() => buyer.placeOrder(wish([])), 422),
        await timed(() => buyer.get(`/v1/tickets/${unknownTicket}`), 404),
      ];
      if (n >= 0)
        for (const [index, list] of [refused, empty, oneRead].entries()) list.push(times[index] ?? 0);
    }
    const [refusedMs, emptyMs] = [median(refused), median(empty)];
    return { requests, refusedMs, emptyMs, oneReadMs: median(oneRead), ratio: refusedMs / emptyMs };
  } finally {
    await run?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

const timed = async (request: () => Promise<{ status: number }>, expected: number): Promise<number> => {
  const began = performance.now();
  const answer = await request();
  if (answer.status !== expected) throw new Error(`expected ${expected}, got ${JSON.stringify(answer)}`);
  return performance.now() - began;
};

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

const sellOut = async (run: LocalRun, dataDir: string): Promise<Journey> => {
  const onlooker = await signIn(run.endpoints, dataDir, 'onlooker@example.com');
  const date = plusDays(localDateOf(instantOf(run.now()), 'Asia/Shanghai'), 2);
  const find = async (runId?: string): Promise<Journey> => {
    const { body } = await onlooker.get<{ journeys: Journey[] }>(
      `/v1/journeys?from=${from}&to=${to}&date=${date}`,
    );
    const found = body.journeys.find((journey) => runId === undefined || journey.runId === runId);
    if (!found) throw new Error('the demo timetable has no such journey');
    return found;
  };
  const left = ({ classes }: Journey) => classes.find((each) => each.class === wanted)?.seatsLeft ?? 0;
  const journey = await find();
  for (let sold = 0; sold < left(journey); sold += 9) {
    const numbers = Array.from({ length: Math.min(9, left(journey) - sold) }, (_, at) => 100 + sold + at);
    const wish = { runId: journey.runId, from, to, class: wanted, passengers: numbers.map(passenger) };
    // Each party is another user: one account may not hold a whole class.
    const leader = await signIn(run.endpoints, dataDir, `party${sold}@example.com`);
    const { status, body } = await leader.placeOrder(wish);
    if (status !== 201) throw new Error(`the train could not be sold out: ${status} ${JSON.stringify(body)}`);
  }
  for (let attempt = 0; left(await find(journey.runId)) > 0; attempt += 1) {
    if (attempt > 100) throw new Error('the view never showed that the train is sold out');
    await sleep(100);
  }
  return journey;
};
