import {
  ProvisionedThroughputExceededException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { providerNames } from '../../shared/payments/known-providers.ts';
import type { ProviderName } from '../../shared/payments/model.ts';
import type { Seeded } from './seeded.ts';

/** What can go wrong with one call to something outside. */
export const faultKinds = [
  'crash-before',
  'crash-after',
  'crash-and-lands-later',
  'throttled',
  'conflict',
  'lost-request',
  'lost-answer',
  'lands-later',
  'sent-twice',
  'freeze-before',
  'freeze-after',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What a call is made to. Only what is written can be in conflict, be sent twice or land late. */
export type Target = {
  service: 'dynamodb' | 'sns' | 'sfn' | 'provider';
  writes: boolean;
  /** How many items a transaction has; 0 for anything else. */
  transactItems: number;
};

/** How much goes wrong in one run: drawn once for each seed, so that calm, wild and one-sided runs all happen. */
export type FaultProfile = {
  probability: number;
  kinds: readonly FaultKind[];
  /** The longest time between two calls of one actor when nothing goes wrong. */
  latencyMilliseconds: number;
  /** Whether money comes mostly when its order has ended: after a cancellation, and through a trade that was closed. */
  lateMoney: boolean;
  /** How often a function behind the stream of seats gives a batch up for good. */
  lostBatches: number;
  /** Whether users have budgets that they run into. */
  tightBudgets: boolean;
  /**
   * Whether the provider is silent for hours and days, takes other amounts than asked for, tells of them without taking
   * them, and declines refunds; and people see to what needs them.
   */
  oddProvider: boolean;
  /** Whether trains pass so many stops that those where people board have names of one and of two characters. */
  longTrips: boolean;
  /** Whether an operator gives money of issued orders back. */
  grants: boolean;
  /** Whether passengers give tickets back. */
  giveBacks: boolean;
  /** Whether an operator cancels runs and stops and announces delays. */
  disruptions: boolean;
  /** Whether passengers agree to change seats on the way, where the carrier has no seat for all of it. */
  seatChanges: boolean;
  /** Whether parties have somebody on a lap, or somebody who needs a marked seat. */
  families: boolean;
  /** Whether gates check tickets in. */
  gates: boolean;
  /** Whether passengers exchange tickets. */
  exchanges: boolean;
  /** Those who take money here; whoever pays twice pays two of them, if there are two. */
  providers: readonly ProviderName[];
};

export const drawProfile = (seed: Seeded): FaultProfile => {
  // What takes two rare faults of one kind is found where there are few kinds.
  const often = seed.pick([0.1, 0.3, 0.7]);
  const some = faultKinds.filter(() => seed.happens(often));
  return {
    probability: seed.pick([0, 0.01, 0.03, 0.06, 0.1]),
    kinds: some.length > 0 ? some : faultKinds,
    latencyMilliseconds: seed.pick([50, 500, 5000, 30_000]),
    lateMoney: seed.happens(0.4),
    lostBatches: seed.pick([0, 0, 0.05, 0.3]),
    tightBudgets: seed.happens(0.4),
    oddProvider: seed.happens(0.3),
    longTrips: false,
    disruptions: false,
    families: false,
    gates: false,
    exchanges: false,
    giveBacks: seed.happens(0.5),
    providers: drawProviders(seed),
    grants: seed.happens(0.5),
    seatChanges: seed.happens(0.5),
  };
};

/** All of them, or one alone, whose traps are then met more often. */
const drawProviders = (seed: Seeded): readonly ProviderName[] =>
  seed.happens(0.5) ? providerNames : [seed.pick(providerNames)];

const suits = (kind: FaultKind, { service, writes, transactItems }: Target): boolean => {
  switch (kind) {
    case 'conflict':
      return service === 'dynamodb' && writes;
    case 'sent-twice':
      // A transaction carries a token by which DynamoDB knows it again.
      return writes && transactItems === 0;
    case 'lands-later':
    case 'crash-and-lands-later':
      return writes;
    default:
      return true;
  }
};

/** What is written matters more than what is read, and several items at once most of all. */
const weightOf = ({ writes, transactItems }: Target): number => {
  if (!writes) return 0.4;
  return transactItems > 0 ? 4 : 2;
};

export const drawFault = (
  seed: Seeded,
  profile: FaultProfile | undefined,
  target: Target,
): FaultKind | undefined => {
  if (!profile || !seed.happens(profile.probability * weightOf(target))) return undefined;
  const kinds = profile.kinds.filter((kind) => suits(kind, target));
  return kinds.length > 0 ? seed.pick(kinds) : undefined;
};

const metadata = { $metadata: {} };

/** The SDK has tried several times and nobody answered: the request may have happened. */
export const noAnswer = (): Error =>
  Object.assign(new Error('Connection timed out'), { name: 'TimeoutError' });

export const throttled = (seed: Seeded, { service }: Target): Error => {
  const message = 'The rate is too high';
  if (service !== 'dynamodb') return Object.assign(new Error(message), { name: 'ThrottlingException' });
  return seed.happens(0.5)
    ? new ProvisionedThroughputExceededException({ message, ...metadata })
    : new ThrottlingException({ message, ...metadata });
};

/** What no emulator ever answers: somebody else's transaction has one of the items in hand. */
export const conflict = (seed: Seeded, { transactItems }: Target): Error => {
  const message = 'Transaction is ongoing for the item';
  if (transactItems === 0) return new TransactionConflictException({ message, ...metadata });
  const clash = seed.whole(0, transactItems - 1);
  return new TransactionCanceledException({
    message,
    ...metadata,
    CancellationReasons: Array.from({ length: transactItems }, (_, index) => ({
      Code: index === clash ? 'TransactionConflict' : 'None',
    })),
  });
};
