import { ZodError } from 'zod';
import { readStored } from '../bookings/attention-store.ts';
import { forPersonOf, type Attention, type ForPerson } from '../bookings/attention.ts';
import { bookingKey, idOf, kindOf, numberOf, orderIdOf, type ItemKey } from '../bookings/keys.ts';
import type { Asked } from '../bookings/kinds-by-use.ts';
import type { WrongUse } from '../check-ins/model.ts';
import { wrongUseFromItem } from '../check-ins/wrong-uses-store.ts';
import { ownerSchema } from '../inventory/model.ts';
import { orderOfOwner } from '../inventory/owner.ts';
import type { SentMessage } from '../notifications/model.ts';
import { sentFromItem } from '../notifications/store.ts';
import { keyOfOrder } from '../orders/change-store.ts';
import type { CommittedOrder } from '../orders/model.ts';
import { keyOfRetention } from '../orders/retention-store.ts';
import { orderFromItem } from '../orders/store.ts';
import type { Payment, Refund } from '../payments/model.ts';
import { keyOfRefund, refundFromItem } from '../payments/refunds-store.ts';
import { keyOfPayment, paymentFromItem } from '../payments/store.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { billDayOf, type Report } from '../reconciliation/model.ts';
import { keyOfReport, reportFromItem } from '../reconciliation/store.ts';
import { jobIdSchema, orderIdSchema, paymentIdSchema, runIdSchema, type OrderId } from '../platform/ids.ts';

type At = { id: string; key: ItemKey };

type Readable =
  | { kind: 'order'; item: CommittedOrder }
  | { kind: 'payment'; item: Payment }
  | { kind: 'refund'; item: Refund }
  | { kind: 'message'; item: SentMessage & ForPerson }
  | { kind: 'use'; item: WrongUse & ForPerson }
  | { kind: 'bill'; item: Report }
  | { kind: 'run' | 'data' | 'seats' | 'entry'; item: ForPerson };

/** The subject of a person's question or decision. `fields`: the names of the fields that this release cannot read. */
export type Subject = At &
  (Readable | { kind: 'unreadable'; of: Readable['kind']; item: ForPerson; fields: readonly string[] });

type Finder = {
  /** The key for an id of the list; undefined if no item of this kind can have that id. */
  keyOf: (id: string) => ItemKey | undefined;
  /** The id that the list shows for a key. */
  idOf: (key: ItemKey) => string;
  kind: Readable['kind'];
  /** Parses the stored item; undefined if it concerns nobody. Throws if it is unreadable. */
  read: (item: Item) => Readable | undefined;
};

/** The record that ends an order's data has the order's own key, so it needs a separate id. */
const dataSuffix = '_data';

/** So does an entry of the waitlist. */
const entrySuffix = '_waitlist';

const orderIdIn = (id: string): OrderId | undefined => orderIdSchema.safeParse(id.slice(0, 26)).data;

const keyOfRun = (kind: 'note' | 'gone' | 'allocation') => (id: string) => {
  const runId = runIdSchema.safeParse(id).data;
  return runId && bookingKey(kind, runId);
};

/** A person sees a run only if it ever needed one: any other note is the clean-up's own. */
const readRun = (item: Item): Readable | undefined => {
  const forPerson = forPersonOf(item);
  return forPerson.attention || forPerson.handled ? { kind: 'run', item: forPerson } : undefined;
};

/** How a person finds each kind of item that may need one. */
const finders: Readonly<Record<Asked, Finder>> = {
  order: {
    kind: 'order',
    idOf: ({ pk }) => idOf(pk),
    keyOf: (id) => {
      const orderId = orderIdSchema.safeParse(id).data;
      return orderId && keyOfOrder(orderId);
    },
    read: (item) => {
      const order = orderFromItem(item);
      return order.state === 'void' ? undefined : { kind: 'order', item: order };
    },
  },
  payment: {
    kind: 'payment',
    idOf: ({ sk }) => numberOf(sk),
    keyOf: (id) => {
      const paymentId = paymentIdSchema.safeParse(id).data;
      return paymentId && keyOfPayment(paymentId);
    },
    read: (item) => ({ kind: 'payment', item: paymentFromItem(item) }),
  },
  refund: {
    kind: 'refund',
    idOf: ({ sk }) => numberOf(sk),
    keyOf: (id) => {
      const orderId = orderIdIn(id);
      return orderId && keyOfRefund(orderId, id);
    },
    read: (item) => ({ kind: 'refund', item: refundFromItem(item) }),
  },
  retention: {
    kind: 'data',
    idOf: ({ pk }) => `${idOf(pk)}${dataSuffix}`,
    keyOf: (id) => {
      const orderId = orderIdIn(id);
      return orderId && id === `${orderId}${dataSuffix}` ? keyOfRetention(orderId) : undefined;
    },
    read: (item) => ({ kind: 'data', item: forPersonOf(item) }),
  },
  suspect: {
    kind: 'seats',
    idOf: ({ sk }) => numberOf(sk),
    keyOf: (id) => {
      const owner = ownerSchema.safeParse(id.includes('#') ? id.split('#').at(-1) : undefined).data;
      return owner && bookingKey('suspect', orderOfOwner(owner), id);
    },
    read: (item) => ({ kind: 'seats', item: forPersonOf(item) }),
  },
  sent: {
    kind: 'message',
    // `<event>#<channel>`
    idOf: ({ sk }) => numberOf(sk),
    keyOf: (id) => {
      const orderId = orderIdIn(id);
      return orderId && /^-[\w-]+#\w+$/.test(id.slice(26)) ? bookingKey('sent', orderId, id) : undefined;
    },
    read: (item) => ({ kind: 'message', item: sentFromItem(item) }),
  },
  use: {
    kind: 'use',
    // `<ticketId>#<useId>`
    idOf: ({ sk }) => numberOf(sk),
    keyOf: (id) => {
      const orderId = orderIdIn(id);
      return orderId && /^-[1-9]#[\w-]+$/.test(id.slice(26)) ? bookingKey('use', orderId, id) : undefined;
    },
    read: (item) => ({ kind: 'use', item: wrongUseFromItem(item) }),
  },
  report: {
    kind: 'bill',
    idOf: ({ pk }) => idOf(pk),
    keyOf: (id) => {
      const day = billDayOf(id);
      return day && keyOfReport(day);
    },
    read: (item) => ({ kind: 'bill', item: reportFromItem(item) }),
  },
  job: {
    kind: 'run',
    idOf: ({ pk }) => idOf(pk),
    keyOf: (id) => {
      const jobId = jobIdSchema.safeParse(id).data;
      return jobId && bookingKey('job', jobId);
    },
    read: readRun,
  },
  waitlisted: {
    kind: 'entry',
    idOf: ({ pk }) => `${idOf(pk)}${entrySuffix}`,
    keyOf: (id) => {
      const orderId = orderIdIn(id);
      return orderId && id === `${orderId}${entrySuffix}` ? bookingKey('waitlisted', orderId) : undefined;
    },
    read: (item) => ({ kind: 'entry', item: forPersonOf(item) }),
  },
  allocation: { kind: 'run', idOf: ({ pk }) => idOf(pk), keyOf: keyOfRun('allocation'), read: readRun },
  gone: { kind: 'run', idOf: ({ pk }) => idOf(pk), keyOf: keyOfRun('gone'), read: readRun },
  note: { kind: 'run', idOf: ({ pk }) => idOf(pk), keyOf: keyOfRun('note'), read: readRun },
};

/**
 * Finds an order, a payment or a refund by its own id, whether or not it needs a person; finds a run only if it ever
 * needed one.
 */
export const findSubject = async (bookings: Table, id: string): Promise<Subject | undefined> => {
  const found = await Promise.all(
    Object.values(finders).map(async (finder) => {
      const key = finder.keyOf(id);
      return key && readSubject(bookings, { id, key }, finder);
    }),
  );
  const subjects = found.filter((subject) => subject !== undefined);
  return subjects.find(({ item }) => item.attention) ?? subjects[0];
};

const readSubject = async (bookings: Table, at: At, { kind, read }: Finder): Promise<Subject | undefined> => {
  const stored = await readStored(bookings, at.key);
  if (!stored) return undefined;
  try {
    const readable = read(stored);
    return readable && { ...at, ...readable };
  } catch (error) {
    // An item that nobody can read needs a person most, so this shows the part that is readable.
    return { ...at, kind: 'unreadable', of: kind, item: forPersonOf(stored), fields: fieldsIn(error) };
  }
};

/** The names of the fields alone: a value may name a passenger. */
const fieldsIn = (error: unknown): string[] =>
  error instanceof ZodError
    ? [...new Set(error.issues.map(({ path }) => path.join('.') || 'the whole item'))]
    : ['the whole item'];

export type Listed = { id: string; orderId: OrderId | undefined; attention: Attention };

/** The id by which a person finds an item. An item of another release has at least the id of its thing. */
export const nameOf = (key: ItemKey): Omit<Listed, 'attention'> => {
  const kind = kindOf(key);
  const finder = kind && kind in finders ? finders[kind as Asked] : undefined;
  return {
    id: finder ? finder.idOf(key) : numberOf(key.sk) || idOf(key.pk),
    orderId: orderIdOf(key.pk),
  };
};
