import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { TicketKey } from '../tickets/code-keys.ts';
import { readCode } from '../tickets/code.ts';
import { readPublishedKeys } from '../tickets/keys-store.ts';

export type ReadKnownCode = (code: string) => Promise<ReturnType<typeof readCode>>;

/** A code of an unknown key makes us look for new keys, but a flood of such codes makes no more than one read in this time. */
const lookAgainMilliseconds = 5000;

/** Reads codes with the keys that were published, which it keeps in this process. */
export const readKnownCode = (
  bookings: Table,
  { carrierId }: Pick<Carrier, 'carrierId'>,
  { milliseconds }: { milliseconds: () => number },
): ReadKnownCode => {
  let known: { keys: TicketKey[]; readAt: number } | undefined;
  const look = async (): Promise<TicketKey[]> => {
    const readAt = milliseconds();
    known = { keys: await readPublishedKeys(bookings), readAt };
    return known.keys;
  };
  return async (code) => {
    const readAt = known?.readAt ?? -Infinity;
    const read = readCode({ keys: known?.keys ?? (await look()), carrierId }, code);
    const isUnknown = read.outcome === 'rejected' && read.reason === 'code-unknown-key';
    if (!isUnknown || Math.abs(milliseconds() - readAt) < lookAgainMilliseconds) return read;
    return readCode({ keys: await look(), carrierId }, code);
  };
};
