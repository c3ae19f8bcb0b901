import { randomUUID } from 'node:crypto';
import { checkIn } from '../../shared/check-ins/check-in.ts';
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

  return {
    ...world,
    readCode,
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
