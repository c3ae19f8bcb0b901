/*
 * The protocol as its judge knows it, from docs/protocol.md ("States", "Transitions") and from what stands in the
 * tables, attribute by attribute. Nothing here is the product's own code: a rule of the product that went wrong would
 * otherwise judge itself.
 */

export type Item = Readonly<Record<string, unknown>>;

/** Where each state of an order may lead. */
export const orderMay: Readonly<Record<string, readonly string[]>> = {
  absent: ['held', 'paid', 'void'],
  held: ['closing', 'paid', 'issued'],
  closing: ['paid', 'releasing'],
  releasing: ['expired', 'cancelled'],
  expired: ['paid', 'refunding'],
  cancelled: ['paid', 'refunding'],
  paid: ['issued', 'refunding'],
  refunding: ['refunded'],
};

/** Where each state of an entry of the waitlist may lead. */
export const entryMay: Readonly<Record<string, readonly string[]>> = {
  absent: ['unpaid'],
  unpaid: ['waiting', 'withdrawn', 'ended'],
  waiting: ['fulfilled', 'withdrawn', 'ended'],
};

/** Where each state of a payment may lead; money may come whatever was thought of it before. */
export const paymentMay: Readonly<Record<string, readonly string[]>> = {
  created: ['pending', 'closed', 'captured', 'failed'],
  pending: ['captured', 'failed', 'closed'],
  failed: ['captured'],
  closed: ['captured'],
  captured: ['partlyRefunded', 'refunded'],
  partlyRefunded: ['captured', 'refunded'],
  refunded: ['captured', 'partlyRefunded'],
};

/** Where each state of a refund may lead: a declined one may be sent again, paid by hand, or come after all. */
export const refundMay: Readonly<Record<string, readonly string[]>> = {
  requested: ['submitted', 'succeeded', 'failed', 'settling'],
  submitted: ['succeeded', 'failed', 'settling'],
  failed: ['requested', 'succeeded', 'settling'],
  settling: ['succeeded', 'failed', 'settled'],
  succeeded: ['failed', 'settling'],
};

/** Where each state of a ticket may lead. */
export const ticketMay: Readonly<Record<string, readonly string[]>> = {
  absent: ['issued'],
  issued: ['checkedIn', 'refunded', 'exchanged'],
};

/** Where each state of a job about a run may lead. */
export const jobMay: Readonly<Record<string, readonly string[]>> = {
  absent: ['begun'],
  begun: ['waiving'],
  waiving: ['waiting', 'done'],
  waiting: ['refunding'],
  refunding: ['done'],
};

/** Where each state of the end of an order's data may lead: what moves again while it is leaving is kept on. */
export const retentionMay: Readonly<Record<string, readonly string[]>> = {
  absent: ['whole'],
  whole: ['stripped'],
  stripped: ['leaving'],
  leaving: ['stripped', 'over'],
};

/** An order's items own their seats in these states of it, while they live. */
const living: ReadonlySet<string> = new Set(['held', 'closing', 'paid', 'issued']);

const livingItem: ReadonlySet<string> = new Set(['living', 'ticketed']);

/** The states in which the items of an order may be, by the state of the order. */
const itemsMayBe: Readonly<Record<string, readonly string[]>> = {
  held: ['living'],
  closing: ['living'],
  releasing: ['releasing'],
  expired: ['released'],
  cancelled: ['released'],
  paid: ['living'],
  issued: ['ticketed', 'releasing', 'released'],
  refunding: ['releasing', 'released'],
  refunded: ['releasing', 'released'],
};

/** The fields that items have in some states alone. A ticket's id stays with the item when the ticket was paid back. */
const ownFields = (orderState: string, state: string): string[] => [
  ...(orderState === 'issued' ? ['ticketId'] : []),
  ...(state === 'releasing' ? ['releaseDue'] : []),
];

type Place = { shard: Item; piece: { seat: number; from: number; to: number }; owner: string };
export type OrderItem = {
  itemId: string;
  state: string;
  place: Place;
  thenPlace?: Place;
  passenger: { documentClaim?: string };
};

const recordsOf = <Value>(value: unknown): Value[] => Object.values((value ?? {}) as Record<string, Value>);

export const everyItem = (order: Item): OrderItem[] => recordsOf<OrderItem>(order['items']);

/** The seats of an item: two if its passenger changes on the way. */
export const seatsOfItem = ({ place, thenPlace }: OrderItem): Place[] =>
  thenPlace ? [place, thenPlace] : [place];

export const itemsAlive = (order: Item): OrderItem[] =>
  living.has(String(order['state'])) ? everyItem(order).filter(({ state }) => livingItem.has(state)) : [];

/** What is wrong with the states of an order's items, and with the fields that some of them lack or have left. */
export const faultsOfItems = (order: Item): string[] =>
  everyItem(order).flatMap((item) => {
    const { itemId, state } = item;
    const fields = ['ticketId', 'releaseDue'].filter((field) => field in item);
    const expected = ownFields(String(order['state']), state);
    return [
      ...(itemsMayBe[String(order['state'])]?.includes(state) ? [] : [`${itemId} is ${state}`]),
      ...(fields.join() === expected.join() ? [] : [`${itemId} is ${state} and has ${fields.join()}`]),
    ];
  });

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const pieceName = /^([0-9A-Za-z])([{|}~]?[0-9A-Za-z])([{|}~]?[0-9A-Za-z])$/;

/** A stop by its one letter, or by the sign before it, of which `{` is the first, for each 62 stops more. */
const stopOf = (text: string): number =>
  letters.indexOf(text.slice(-1)) + (text.length === 2 ? 62 * (text.charCodeAt(0) - 122) : 0);

/** The pieces that a shard's item has: a name is a letter for the seat, then the first stop and the last. */
export const piecesIn = (
  item: Item,
): { seat: number; from: number; to: number; owner: string | undefined }[] =>
  Object.entries(item).flatMap(([name, value]) => {
    const [, seatText = '', fromText = '', toText = ''] = pieceName.exec(name) ?? [];
    const [seat, from, to] = [letters.indexOf(seatText), stopOf(fromText), stopOf(toText)];
    if (seatText === '' || !(value instanceof Uint8Array) || to <= from) return [];
    const owner = value.length === 1 && value[0] === 0 ? undefined : Buffer.from(value).toString('base64url');
    return [{ seat, from, to, owner }];
  });

/** The key of the shard that an item names: `run#class#shard`, and its generation behind it from the second on. */
export const shardKeyOf = ({ runId, class: cls, shard, generation = 1 }: Item): string =>
  `${String(runId)}#${String(cls)}#${String(shard)}${generation === 1 ? '' : `#${String(generation)}`}`;

/** The first sixteen bytes of an owner are its order's id, in Crockford's base 32. */
export const orderIdOfOwner = (owner: string): string => {
  const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let value = BigInt(`0x${Buffer.from(owner, 'base64url').subarray(0, 16).toString('hex')}`);
  let id = '';
  for (let place = 0; place < 26; place += 1) {
    id = crockford.charAt(Number(value % 32n)) + id;
    value /= 32n;
  }
  return id;
};
