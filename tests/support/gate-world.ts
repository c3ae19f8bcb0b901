import { randomUUID } from 'node:crypto';
import { checkIn } from '../../shared/check-ins/check-in.ts';
import { readManifest, type Place } from '../../shared/check-ins/read-manifest.ts';
import { syncUses } from '../../shared/check-ins/sync-uses.ts';
import { readKnownCode } from '../../shared/check-ins/known-keys.ts';
import type { CheckInRules } from '../../shared/platform/after-sale/check-in-rules.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { gateIdSchema, useIdSchema, type OrderId, type RunId } from '../../shared/platform/ids.ts';
import { plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { ticketKeyOf } from '../../shared/tickets/code-keys.ts';
import { publishKeys } from '../../shared/tickets/keys-store.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { refundWorld } from './refund-world.ts';

/** From an hour until three minutes before the departure, also at later stops. */
const usualRules: CheckInRules = { opensBefore: 'PT1H', closesBefore: 'PT3M', laterStops: true };

type Instead = { stop?: string; gate?: string; use?: string; run?: RunId; bookings?: Table };

export type GateWorld = Awaited<ReturnType<typeof gateWorld>>;

/** All of purchase and of refunds, with a carrier that checks tickets in, and gates that know its keys. */
export const gateWorld = async (rules: CheckInRules = usualRules) => {
  const world = await refundWorld(undefined, { checkIn: rules });
  const { dependencies, bookings, carrier, time } = world;
  const { seed } = await dependencies.signingKey();
  await publishKeys(bookings, [ticketKeyOf(seed)]);
  const readCode = readKnownCode(bookings, carrier, { milliseconds: () => Date.now() });

  const offline = { ...dependencies, readCode };

  return {
    ...world,
    readCode,
    /** All pages of a run's manifest. */
    manifest: async ({ runId }: Pick<Run, 'runId'>) => {
      const pages = [];
      for (let place: Place | 'first' | undefined = 'first'; place !== undefined;) {
        const page = await readManifest(dependencies)(runId, place === 'first' ? undefined : place);
        if (page.outcome === 'rejected') throw new Error(page.reason);
        pages.push(page);
        place = page.next;
      }
      return {
        pages: pages.length,
        ended: pages.flatMap(({ ended }) => ended),
        tickets: pages.flatMap(({ tickets }) => tickets),
      };
    },
    /** A gate without a network tells uses of a run, by a clock that is wrong by so many seconds. */
    sync: async (
      { runId }: Pick<Run, 'runId'>,
      uses: { code: string; use: string; stop?: string; ago?: number }[],
      { gate = 'north-1', wrongBy = 0 }: { gate?: string; wrongBy?: number } = {},
    ) => {
      const shown = plusSeconds(time.now, wrongBy);
      const synced = await syncUses(offline)({
        runId,
        gateId: gateIdSchema.parse(gate),
        sentAt: shown,
        uses: uses.map(({ code, use, stop = 'S0', ago = 60 }) => ({
          code,
          useId: useIdSchema.parse(use),
          stopId: stop,
          at: plusSeconds(shown, -ago),
        })),
      });
      if (synced.outcome === 'rejected') throw new Error(synced.reason);
      return synced.uses;
    },
    seed,
    /** The clock shows so many seconds after the run's departure from a stop; negative before it. */
    at: (run: Run, stop: number, seconds: number): Instant =>
      (time.now = plusSeconds(run.stops[stop]!.departs, seconds)),
    /** The codes of an order's tickets, in the order of its passengers. */
    codesOf: async (orderId: OrderId): Promise<string[]> =>
      (await world.stored(orderId)).tickets.map(({ code }) => code ?? ''),
    /** A gate of this run scans a code, at the first stop if nothing else is said. */
    scan: (
      run: Run,
      code: string,
      { stop = 'S0', gate = 'north-1', use = randomUUID(), ...instead }: Instead = {},
    ) =>
      checkIn({ ...dependencies, readCode, ...(instead.bookings && { bookings: instead.bookings }) })({
        code,
        runId: instead.run ?? run.runId,
        stopId: stop,
        gateId: gateIdSchema.parse(gate),
        useId: useIdSchema.parse(use),
      }),
  };
};

/** The reason of a refusal, or `in`. */
export const saidBy = (answer: { outcome: string; reason?: string }): string => answer.reason ?? 'in';
