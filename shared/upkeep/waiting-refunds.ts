import { listAttention } from '../bookings/attention-store.ts';
import { kindOf, numberOf } from '../bookings/keys.ts';
import type { Refund } from '../payments/model.ts';
import type { Table } from '../platform/dynamo.ts';
import { findSubject } from './find-subject.ts';

const perShardMax = 250;

/**
 * The refunds that wait for a person, the oldest first; `more` if there are more than this reads. One that this release
 * cannot read is in the attention list alone.
 */
export const listWaitingRefunds = async (bookings: Table): Promise<{ refunds: Refund[]; more: boolean }> => {
  const { items, more } = await listAttention(bookings, { perShardMax });
  const numbers = items.flatMap(({ key }) => (kindOf(key) === 'refund' ? [numberOf(key.sk)] : []));
  const subjects = await Promise.all(numbers.map((number) => findSubject(bookings, number)));
  return { refunds: subjects.flatMap((subject) => (subject?.kind === 'refund' ? [subject.item] : [])), more };
};
