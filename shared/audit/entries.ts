import type { Entry } from '../entries/model.ts';
import { findingsAbout } from './lookups.ts';
import type { Finding, OrderPart } from './model.ts';

/** Checks an entry of the waitlist against its order. */
export const auditEntry = ({ orderId, order, waitlisted }: OrderPart): Finding[] => {
  const { findings, report } = findingsAbout({ kind: 'order', orderId });
  if (!waitlisted) {
    if (order && order.state !== 'void' && order.entryId)
      report('entry-fulfilled', orderId, `the order ${orderId} comes from an entry that does not exist`);
    return findings;
  }
  auditFulfilled(waitlisted, order, (what) => report('entry-fulfilled', orderId, what));
  return findings;
};

const auditFulfilled = (entry: Entry, order: OrderPart['order'], report: (what: string) => void): void => {
  const { entryId, state, amount } = entry;
  const stands = order !== undefined && order.state !== 'void' ? order : undefined;
  if (order?.state === 'void') report(`the entry ${entryId} can never become an order: its id is void`);
  if ((state === 'fulfilled') !== (stands !== undefined))
    report(`the entry ${entryId} is ${state}, and its order is ${stands?.state ?? 'absent'}`);
  if (stands && stands.amount.amount > amount.amount)
    report(`the order of the entry ${entryId} costs more than the entry has paid`);
  if (stands && Object.keys(stands.items).length !== entry.passengers.length)
    report(`the order of the entry ${entryId} has not all of its passengers`);
};
