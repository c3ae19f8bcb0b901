import {
  writeTogether,
  type LabelledWrite,
  type Table,
  type TransactionOutcome,
} from '../platform/dynamo.ts';
import { readClaims, removeClaims } from './claims-store.ts';
import type { ClaimWish } from './rules.ts';

/**
 * Writes all, and takes away what these holders claim. Claims end by themselves a quarter after their day: an order that
 * outlives them must still end, so those that are gone are then left out. Nobody reads them before that is found.
 */
export const writeAndFree = async <Label extends string>(
  bookings: Table,
  wishes: readonly ClaimWish[],
  writes: readonly LabelledWrite<Label>[],
): Promise<TransactionOutcome<Label | 'claim'>> => {
  const freeing = (standing?: Awaited<ReturnType<typeof readClaims>>) =>
    writeTogether<Label | 'claim'>(bookings.client, [
      ...writes,
      ...removeClaims(bookings, wishes, standing).map((write) => ({ label: 'claim' as const, write })),
    ]);
  const outcome = await freeing();
  const isForClaims =
    outcome.outcome === 'refused' && outcome.refused.every(({ label }) => label === 'claim');
  return isForClaims ? freeing(await readClaims(bookings, wishes)) : outcome;
};
