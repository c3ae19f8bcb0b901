import * as z from 'zod';
import { afterSaleRulesSchema } from '../platform/after-sale/rules.ts';
import { spanSchema } from '../platform/after-sale/span.ts';
import { usualSecondsOf } from '../platform/time.ts';
import { faultsOfFile, rule, type Found, type Rule } from './fault-rules.ts';
import type { Fault } from './faults.ts';

/** The parts of a version that must fit together; a part that is not sound is absent, and has a fault of its own. */
const span = spanSchema.optional().catch(undefined);
const amount = z.number().optional().catch(undefined);
const soundFees = z
  .looseObject({
    beforeDeparture: z.array(z.looseObject({ atLeast: span }).catch({})).catch([]),
    afterDeparture: z.array(z.looseObject({ atMost: span }).catch({})).catch([]),
    feeMin: amount,
    feeMax: amount,
  })
  .optional()
  .catch(undefined);
const soundParts = z.looseObject({
  from: z.unknown().optional(),
  refund: soundFees,
  exchange: soundFees,
  checkIn: z
    .looseObject({ opensBefore: span, closesBefore: span, closesAfter: span })
    .optional()
    .catch(undefined),
  waitlist: z
    .looseObject({ cutOffMin: span, cutOffUsual: span, cutOffMax: span })
    .optional()
    .catch(undefined),
});
type Parts = z.output<typeof soundParts>;

const inEachVersion = (
  faultsIn: (version: Parts, path: string, before: Parts | undefined) => Found[],
): Rule =>
  rule(z.looseObject({ versions: z.array(soundParts) }), ({ versions }) =>
    versions.flatMap((version, at) => faultsIn(version, `versions[${at}]`, versions[at - 1])),
  );

/** Every day has one version, and each version has its days. */
const versionsFollow = inEachVersion(({ from }, version, before) => {
  const path = `${version}.from`;
  if (!before)
    return from === undefined
      ? []
      : [{ path, message: 'must be absent: the first version counts for every day before the second' }];
  if (from === undefined) return [{ path, message: 'is missing: only the first version has no day' }];
  const isLater = typeof before.from !== 'string' || typeof from !== 'string' || before.from < from;
  return isLater
    ? []
    : [{ path, message: `must be after ${String(before.from)}, the day of the version before` }];
});

/** The times that do not go on in the direction of their list: their tiers would never count. */
const strayTimes = (
  spans: readonly (string | undefined)[],
  field: string,
  isInOrder: (before: number, now: number) => boolean,
): Found[] =>
  spans.flatMap((now, at): Found[] => {
    const before = spans[at - 1];
    if (now === undefined || before === undefined) return [];
    return isInOrder(usualSecondsOf(before), usualSecondsOf(now))
      ? []
      : [{ path: `[${at}].${field}`, message: `never counts after ${before}` }];
  });

/** The parts with tiers and fees, each with its place. */
const partsWithFees = (version: Parts, path: string) =>
  (['refund', 'exchange'] as const).flatMap((name) => {
    const part = version[name];
    return part ? [{ part, path: `${path}.${name}` }] : [];
  });

const tiersFollow = inEachVersion((version, at) =>
  partsWithFees(version, at).flatMap(({ part, path }) => {
    const before = strayTimes(
      part.beforeDeparture.map(({ atLeast }) => atLeast),
      'atLeast',
      (a, b) => a > b,
    );
    const after = strayTimes(
      part.afterDeparture.map(({ atMost }) => atMost),
      'atMost',
      (a, b) => a < b,
    );
    return [
      ...before.map((found) => ({ ...found, path: `${path}.beforeDeparture${found.path}` })),
      ...after.map((found) => ({ ...found, path: `${path}.afterDeparture${found.path}` })),
    ];
  }),
);

const feesGoTogether = inEachVersion((version, at) =>
  partsWithFees(version, at).flatMap(({ part: { feeMin = 0, feeMax = Infinity }, path }) =>
    feeMin <= feeMax
      ? []
      : [{ path: `${path}.feeMax`, message: `must be at least feeMin, which is ${feeMin}` }],
  ),
);

/** A ticket's code is valid from so long before the journey: a gate that opens earlier lets nobody in. */
const opensBeforeMax = 'P1D';

const gatesOpen = inEachVersion(({ checkIn }, version) => {
  if (!checkIn) return [];
  const { opensBefore, closesBefore, closesAfter } = checkIn;
  const path = `${version}.checkIn`;
  const found: Found[] = [];
  if (closesBefore !== undefined && closesAfter !== undefined)
    found.push({ path: `${path}.closesAfter`, message: 'must be absent beside closesBefore' });
  if (opensBefore === undefined) return found;
  const opens = usualSecondsOf(opensBefore);
  if (opens > usualSecondsOf(opensBeforeMax)) {
    const message = `must be at most ${opensBeforeMax}: the code of a ticket is not valid earlier`;
    found.push({ path: `${path}.opensBefore`, message });
  }
  if (opens <= usualSecondsOf(closesBefore ?? 'PT0H') && closesAfter === undefined)
    found.push({
      path: `${path}.opensBefore`,
      message: 'must be more than the time at which the gate closes',
    });
  return found;
});

/** The usual cut-off of the waitlist is one that a passenger may choose. */
const cutOffsGoTogether = inEachVersion(({ waitlist }, version) => {
  const { cutOffMin, cutOffUsual, cutOffMax } = waitlist ?? {};
  const isAfter = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && usualSecondsOf(a) > usualSecondsOf(b);
  const path = `${version}.waitlist`;
  return [
    ...(isAfter(cutOffMin, cutOffUsual)
      ? [{ path: `${path}.cutOffUsual`, message: `must be at least cutOffMin, which is ${cutOffMin}` }]
      : []),
    ...(isAfter(cutOffUsual, cutOffMax)
      ? [{ path: `${path}.cutOffMax`, message: `must be at least cutOffUsual, which is ${cutOffUsual}` }]
      : []),
  ];
});

const rules: readonly Rule[] = [versionsFollow, tiersFollow, feesGoTogether, gatesOpen, cutOffsGoTogether];

/** Every fault of the rules for what comes after the sale. */
export const checkAfterSale = (file: string, json: unknown): Fault[] =>
  faultsOfFile({ file, json }, afterSaleRulesSchema, rules);
