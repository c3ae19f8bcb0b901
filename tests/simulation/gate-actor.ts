import { checkIn } from '../../shared/check-ins/check-in.ts';
import { syncUses, type SyncedUse } from '../../shared/check-ins/sync-uses.ts';
import { gateIdSchema, runIdSchema, useIdSchema, type RunId, type UseId } from '../../shared/platform/ids.ts';
import { ticketKeyOf, type SigningKey } from '../../shared/tickets/code-keys.ts';
import { readCode } from '../../shared/tickets/code.ts';
import type { Dependencies } from './dependencies.ts';
import type { Mirror } from './mirror.ts';
import type { Item } from './protocol.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { Wrong } from './wrong.ts';

const apiSeconds = 30;

type Options = {
  scheduler: Scheduler;
  dependenciesOf: (actor: Actor) => Dependencies;
  signingKey: SigningKey;
  mirror: Mirror;
  failed: (name: string, error: unknown) => void;
  isQuiet: () => boolean;
};

/** A scan of a ticket at a gate: with the network, or remembered by the gate and told later. */
type Scan = { ticketId: string; code: string; runId: RunId; stopId: string; gate: string; useId: UseId };

const ticketsIn = (mirror: Mirror): Item[] =>
  [...mirror.bookings.values()].flatMap((items) =>
    [...items].flatMap(([sk, item]) => (sk.startsWith('TICKET#') ? [item] : [])),
  );

/** What is stored of the use of a ticket. */
const useOf = (ticket: Item | undefined): string | undefined =>
  (ticket?.['checkIn'] as { useId: string } | undefined)?.useId;

/** Whoever was let in has a ticket that says so; and what a gate has told, once it was heard, is stored. */
const checkHeard = ({ bookings }: Mirror, { ticketId, useId }: Scan, became: Heard['became']): Wrong[] => {
  const items = bookings.get(`ORDER#${ticketId.slice(0, 26)}`) ?? new Map<string, Item>();
  const ticket = items.get(`TICKET#${ticketId.slice(27)}`);
  const isStored = became === 'reported' ? items.has(`USE#${ticketId}#${useId}`) : useOf(ticket) === useId;
  if (became === 'refused' || isStored) return [];
  return [{ rule: 'use-kept', what: `the use ${useId} of ${ticketId} was ${became}, and is not stored` }];
};

type Heard = { scan: Scan; became: 'in' | SyncedUse['became'] };
type Reading = Dependencies & { readCode: (code: string) => Promise<ReturnType<typeof readCode>> };

/** The two ways to use a ticket; each says whether it was answered, and `heard` collects what the answers were. */
const makeScanning = (
  { scheduler, dependenciesOf, signingKey, failed }: Options,
  heard: (one: Heard) => void,
) => {
  const { invoke, note } = scheduler;
  const trust = { keys: [ticketKeyOf(signingKey.seed)], carrierId: signingKey.carrierId };

  const call = async <Value>(
    name: string,
    work: (all: Reading) => Promise<Value>,
  ): Promise<Value | undefined> => {
    const result = await invoke(name, apiSeconds, (actor) =>
      work({ ...dependenciesOf(actor), readCode: (code) => Promise.resolve(readCode(trust, code)) }),
    );
    if (result === 'gone') return undefined;
    if ('error' in result) failed(name, result.error);
    return 'answer' in result ? result.answer : undefined;
  };

  return {
    online: async (scan: Scan): Promise<boolean> => {
      const { ticketId, gate, ...rest } = scan;
      const answer = await call('check-in', (all) =>
        checkIn(all)({ ...rest, gateId: gateIdSchema.parse(gate) }),
      );
      note(
        `${gate} scans ${ticketId}: ${answer ? ('reason' in answer ? answer.reason : 'in') : 'no answer'}`,
      );
      if (answer?.outcome === 'accepted') heard({ scan, became: 'in' });
      return answer !== undefined;
    },
    offline: async (scan: Scan): Promise<boolean> => {
      const { runId, gate, code, useId, stopId } = scan;
      const at = scheduler.clock();
      const told = {
        runId,
        gateId: gateIdSchema.parse(gate),
        sentAt: at,
        uses: [{ useId, code, stopId, at }],
      };
      const answer = await call('sync-uses', (all) => syncUses(all)(told));
      const [use] = answer?.outcome === 'accepted' ? answer.uses : [];
      note(`${gate} tells of ${scan.ticketId}: ${use?.became ?? 'no answer'}`);
      if (use) heard({ scan, became: use.became });
      return answer !== undefined;
    },
  };
};

/** Of all uses that were heard to be good, a ticket has one. */
const checkOnce = (heard: readonly Heard[]): Wrong[] => {
  const good = heard.filter(({ became }) => became === 'in' || became === 'recorded');
  return [...Map.groupBy(good, ({ scan }) => scan.ticketId)].flatMap(([ticketId, all]) => {
    const numbers = new Set(all.map(({ scan }) => scan.useId));
    if (numbers.size <= 1) return [];
    return [{ rule: 'let-in-once', what: `${ticketId} let in ${numbers.size} times` }];
  });
};

/**
 * Gates: several scan one ticket at the same moment, repeat what was not answered, or let passengers in without a network
 * and tell it later, often twice. Tickets of any state are scanned: their passengers give them back meanwhile.
 */
export const makeGates = (options: Options) => {
  const { scheduler, mirror, isQuiet } = options;
  const { seed, after } = scheduler;
  const heard: Heard[] = [];
  const scanning = makeScanning(options, (one) => void heard.push(one));
  let busy = 0;
  let scans = 0;

  /** Repeated with the same number until it is answered. */
  const untilHeard = async (scan: Scan, ask: (scan: Scan) => Promise<boolean>): Promise<void> => {
    busy += 1;
    while (!(await ask(scan)))
      await new Promise<void>((resolve) => {
        after(seed.spread(1000, 300_000), () => resolve());
      });
    if (seed.happens(0.2)) await ask(scan);
    busy -= 1;
  };

  const scanOf = (ticket: Item, gate: number): Scan => ({
    ticketId: String(ticket['ticketId']),
    code: String(ticket['code']),
    runId: runIdSchema.parse(ticket['runId']),
    stopId: (ticket['from'] as { stopId: string }).stopId,
    gate: `gate-${gate}`,
    useId: useIdSchema.parse(`use-no-${(scans += 1)}`),
  });

  const next = (): void => {
    if (isQuiet()) return;
    after(seed.spread(5000, 180_000), next);
    const tickets = ticketsIn(mirror).filter(({ code }) => typeof code === 'string');
    if (tickets.length === 0) return;
    const ticket = seed.pick(tickets);
    for (let gates = seed.pick([1, 1, 2, 3]); gates > 0; gates -= 1) {
      const scan = scanOf(ticket, gates);
      const ask = seed.happens(0.3) ? scanning.offline : scanning.online;
      after(seed.pick([1, 30_000, 900_000]) * seed.fraction(), () => void untilHeard(scan, ask));
    }
  };

  return {
    busy: () => busy,
    begin: (): void => after(seed.spread(60_000, 600_000), next),
    check: (): Wrong[] => [
      ...checkOnce(heard),
      ...heard.flatMap(({ scan, became }) => checkHeard(mirror, scan, became)),
    ],
  };
};
