import {
  writeTogether,
  type LabelledWrite,
  type Table,
  type TransactionOutcome,
} from '../platform/dynamo.ts';
import { readClaims, removeClaims } from './claims-store.ts';
import type { ClaimWish } from './rules.ts';

/**
 * Writes everything, and deletes these holders' claims. Claims end by themselves a quarter after their day, and an
 * order that outlives them must still end, so the second try leaves out the missing days. It reads the claims only
 * after the first try has failed.
 */
export const writeAndFree = async <Label extends string>(
  bookings: Table,
  wishes: readonly ClaimWish[],
  writes: readonly LabelledWrite<Label>[],
): Promise<TransactionOutcome<Label | 'claim'>> => {
  const freeing = (stored?: Awaited<ReturnType<typeof readClaims>>) =>
    writeTogether<Label | 'claim'>(bookings.client, [
      ...writes,
      ...removeClaims(bookings, wishes, stored).map((write) => ({ label: 'claim' as const, write })),
    ]);
  const outcome = await freeing();
  const isForClaims =
    outcome.outcome === 'refused' && outcome.refused.every(({ label }) => label === 'claim');
  return isForClaims ? freeing(await readClaims(bookings, wishes)) : outcome;
};
