import { createPublicKey, verify } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { checkIn } from '../../../shared/check-ins/check-in.ts';
import { readManifest, type Place } from '../../../shared/check-ins/read-manifest.ts';
import { verifyOffline, type KnownRun } from '../../../shared/check-ins/verify-offline.ts';
import type { CheckInRules } from '../../../shared/platform/after-sale/check-in-rules.ts';
import { gateIdSchema, useIdSchema } from '../../../shared/platform/ids.ts';
import type { Instant } from '../../../shared/platform/time.ts';
import { publicKeyOf, ticketKeyOf } from '../../../shared/tickets/code-keys.ts';
import { readCode } from '../../../shared/tickets/code.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { inAnotherProcess, withBenchTables, type BenchTables } from '../bench-tables.ts';
import { measured } from '../meter.ts';
import { measurePair, type PairRate, type PairScale } from '../payments/paired.ts';
import { total } from '../tally.ts';
import { benchKey, sellFullTrain } from './full-train.ts';

export type GateScale = PairScale & { seats: number; segments: number };

export const fullGate: GateScale = { rounds: 15, milliseconds: 200, seats: 1000, segments: 11 };

export type GateReport = {
  rates: PairRate[];
  checkIn: { reads: number; writes: number; readUnits: number; writeUnits: number; milliseconds: number };
  manifest: {
    tickets: number;
    pages: number;
    requests: number;
    readUnits: number;
    milliseconds: number;
    kilobytes: number;
    gzipped: number;
  };
};

const rules: CheckInRules = { opensBefore: 'P1D', closesAfter: 'PT6H', laterStops: true };
const trust = { keys: [ticketKeyOf(benchKey.seed)], carrierId: benchKey.carrierId };

/** One after the other, again and again: no two calls see the same code. */
const inTurn = <Each>(all: readonly Each[], work: (each: Each) => boolean): (() => boolean) => {
  let n = 0;
  return () => work(all[(n += 1) % all.length]!);
};

/** Whole decisions of a gate without a network, beside nothing but the signature of the same codes. */
const offlineRate = (run: Run, codes: readonly string[], now: Instant, scale: PairScale): PairRate => {
  const known: KnownRun = { run, rules, stateOf: () => 'valid' };
  const gate = { trust, stopId: run.stops[0]!.stopId, findRun: () => known };
  const key = createPublicKey(publicKeyOf(trust.keys[0]!).export({ format: 'pem', type: 'spki' }));
  const signed = codes.map((code) => {
    const bytes = Buffer.from(code, 'base64url');
    return { content: bytes.subarray(0, -64), signature: bytes.subarray(-64) };
  });
  return measurePair(
    {
      what: 'decide about a code without a network',
      oracle: 'Node’s Ed25519 alone',
      ours: inTurn(codes, (code) => verifyOffline(gate, code, now).outcome === 'accepted'),
      theirs: inTurn(signed, ({ content, signature }) => verify(null, content, key, signature)),
    },
    scale,
  );
};

const dependenciesOf = (tables: BenchTables, now: Instant) => ({
  ...inAnotherProcess(tables),
  clock: () => now,
  carrier: { ...sampleCarrier, carrierId: benchKey.carrierId, afterSale: { versions: [{ checkIn: rules }] } },
  readCode: (code: string) => Promise.resolve(readCode(trust, code)),
});

type Parts = ReturnType<typeof dependenciesOf>;

/** Twenty check-ins, one after the other. */
const measureCheckIns = async (
  parts: Parts,
  run: Run,
  codes: readonly string[],
): Promise<GateReport['checkIn']> => {
  const some = codes.slice(0, 20);
  const began = performance.now();
  const { tally } = await measured(async () => {
    for (const [n, code] of some.entries()) {
      const scan = {
        code,
        runId: run.runId,
        stopId: run.stops[0]!.stopId,
        gateId: gateIdSchema.parse('bench'),
        useId: useIdSchema.parse(`use-no-${n}`),
      };
      const { outcome } = await checkIn(parts)(scan);
      if (outcome !== 'accepted') throw new Error('a passenger was not let in');
    }
  });
  const each = (sum: number): number => sum / some.length;
  return {
    reads: each(total(tally.requests) - tally.writes),
    writes: each(tally.writes),
    readUnits: each(total(tally.readUnits)),
    writeUnits: each(total(tally.writeUnits)),
    milliseconds: each(performance.now() - began),
  };
};

/** All pages of the manifest, as a gate gets them. */
const measureManifest = async (parts: Parts, { runId }: Run): Promise<GateReport['manifest']> => {
  const began = performance.now();
  const { result: pages, tally } = await measured(async () => {
    const read = [];
    for (let place: Place | 'first' | undefined = 'first'; place !== undefined;) {
      const page = await readManifest(parts)(runId, place === 'first' ? undefined : place);
      if (page.outcome === 'rejected') throw new Error('there is no manifest');
      read.push(page);
      place = page.next;
    }
    return read;
  });
  const milliseconds = performance.now() - began;
  const texts = pages.map(({ asOf, run: { stops, state }, ended, tickets }) =>
    JSON.stringify({ asOf, run: { runId, stops, state }, rules, ended, tickets }),
  );
  const sum = (sizes: readonly number[]): number => sizes.reduce((all, size) => all + size, 0) / 1000;
  return {
    tickets: pages.reduce((all, { tickets }) => all + tickets.length, 0),
    pages: pages.length,
    requests: total(tally.requests),
    readUnits: total(tally.readUnits),
    milliseconds,
    kilobytes: sum(texts.map((text) => Buffer.byteLength(text))),
    gzipped: sum(texts.map((text) => gzipSync(text).length)),
  };
};

/** What gates cost: decisions without a network, check-ins with one, and the manifest of a full train. */
export const runGate = (
  templates: Parameters<typeof withBenchTables>[0],
  scale: GateScale,
): Promise<GateReport> =>
  withBenchTables(templates, async (tables) => {
    const { run, codes } = await sellFullTrain(tables, scale);
    const now = run.stops[0]!.departs;
    const parts = dependenciesOf(tables, now);
    const checkIns = await measureCheckIns(parts, run, codes);
    const manifest = await measureManifest(parts, run);
    return { rates: [offlineRate(run, codes, now, scale)], checkIn: checkIns, manifest };
  });
