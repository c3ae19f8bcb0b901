import { announce } from '../../shared/disruption/announce.ts';
import type { Disruption } from '../../shared/disruption/model.ts';
import type { Run } from '../../shared/timetable/model.ts';
import type { Dependencies } from './dependencies.ts';
import type { Mirror } from './mirror.ts';
import type { Item } from './protocol.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { Wrong } from './wrong.ts';

const apiSeconds = 30;

type Options = {
  scheduler: Scheduler;
  dependenciesOf: (actor: Actor) => Dependencies;
  mirror: Mirror;
  runs: readonly Run[];
  failed: (name: string, error: unknown) => void;
  isQuiet: () => boolean;
};

const jobsIn = ({ bookings }: Mirror): Item[] =>
  [...bookings].flatMap(([pk, items]) => (pk.startsWith('JOB#') ? [...items.values()] : []));

const drawDisruption = ({ seed }: Scheduler, { stops }: Run): Disruption => {
  const stop = seed.pick(stops);
  return seed.pick<Disruption>([
    { reason: 'run-cancelled' },
    { reason: 'run-cancelled' },
    { reason: 'stop-cancelled', stopId: stop.stopId },
    { reason: 'delayed', minutes: seed.pick([60, 120]) },
  ]);
};

type Told = { event: string; subject?: string };

const ticketsIn = (items: ReadonlyMap<string, Item>): Item[] =>
  [...items].flatMap(([sk, ticket]) => (sk.startsWith('TICKET#') ? [ticket] : []));

/** What docs/how-to/disruptions.md promises, at rest. */
const checkOrder = (items: ReadonlyMap<string, Item>, jobs: readonly Item[]): Wrong[] => {
  const order = items.get('ORDER');
  if (order?.['state'] !== 'issued') return [];
  const wrong: Wrong[] = [];
  const report = (what: string): void =>
    void wrong.push({ rule: 'disrupted', what: `${String(order['orderId'])} ${what}` });
  const told = (order['history'] as Told[]).filter(({ event }) => event === 'order-disrupted');
  const names = told.map(({ subject }) => subject);
  if (new Set(names).size < names.length) report(`was told twice: ${names.join()}`);
  const isCancelled = jobs.some(
    (job) =>
      job['runId'] === order['runId'] &&
      (job['disruption'] as { reason: string }).reason === 'run-cancelled' &&
      String(order['arrivesAt']) > String(job['createdAt']),
  );
  for (const ticket of ticketsIn(items)) {
    const waiver = ticket['waiver'] as { reason: string } | undefined;
    const isLeft = isCancelled || (waiver && waiver.reason !== 'delayed');
    if (ticket['state'] === 'issued' && isLeft) report(`still has the ticket ${String(ticket['ticketId'])}`);
  }
  return wrong;
};

/** An operator who cancels runs and stops and announces delays, some of them twice or at once. The clean-up does the rest. */
export const makeDisruptions = ({ scheduler, dependenciesOf, mirror, runs, failed, isQuiet }: Options) => {
  const { seed, after, invoke, note } = scheduler;
  let busy = 0;

  const tell = async (run: Run, disruption: Disruption): Promise<void> => {
    busy += 1;
    const result = await invoke('announce', apiSeconds, (actor) =>
      announce(dependenciesOf(actor))({ runId: run.runId, disruption, by: 'operator' }),
    );
    busy -= 1;
    note(`${disruption.reason} ${run.runId}`);
    if (result !== 'gone' && 'error' in result) failed('announce', result.error);
  };

  const next = (): void => {
    if (isQuiet()) return;
    const run = seed.pick(runs);
    const disruption = drawDisruption(scheduler, run);
    void tell(run, disruption);
    if (seed.happens(0.4)) void tell(run, seed.happens(0.5) ? disruption : drawDisruption(scheduler, run));
    after(seed.spread(300_000, 3_600_000), next);
  };

  return {
    /** Calls, and jobs that are not done. */
    busy: () => busy + jobsIn(mirror).filter(({ state }) => state !== 'done').length,
    begin: (): void => after(seed.spread(300_000, 2_400_000), next),
    check: (): Wrong[] => {
      const jobs = jobsIn(mirror);
      return [
        ...jobs.flatMap((job) =>
          job['state'] === 'done' && job['dueShard'] === undefined
            ? []
            : [{ rule: 'job-done', what: `${String(job['jobId'])} is ${String(job['state'])}` }],
        ),
        ...[...mirror.bookings.values()].flatMap((items) => checkOrder(items, jobs)),
      ];
    },
  };
};
