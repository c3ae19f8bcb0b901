import { providerNames } from '../../functions/routes.ts';
import { type ProviderName } from './by-provider.ts';

/**
 * What each function may do, and nothing else: its IAM policy and its environment are both made from its line here.
 * A use case that needs more is refused by AWS until its functions say so in this file.
 */
export type TableName = 'timetable' | 'inventory' | 'availability' | 'bookings';
export type SecretName = 'documents' | 'tickets' | ProviderName;

type ItemAction =
  'GetItem' | 'BatchGetItem' | 'Query' | 'Scan' | 'PutItem' | 'UpdateItem' | 'ConditionCheckItem';

export type Grants = {
  /** A transaction needs the actions of the items in it. */
  tables?: Partial<Record<TableName, readonly ItemAction[]>>;
  /** Indexes of Bookings that it queries. */
  indexes?: readonly ('due' | 'byUser' | 'attention')[];
  secrets?: readonly SecretName[];
  /** Publishes to the topic of events. */
  publishes?: true;
  /** Starts executions of the workflow `purchase`. */
  startsPurchase?: true;
  /** Wakes an execution that waits for a payment, with one of these answers. */
  answersPurchase?: readonly ('SendTaskSuccess' | 'SendTaskFailure')[];
  /** Sends mail as MAIL_FROM. */
  mails?: true;
  /** Tells others where we are reached. */
  publicUrl?: true;
};

/** Looking at an order with its payments and tickets. */
const readBookings = ['GetItem', 'Query'] as const;

/** A transition of an order: transactions need the actions of the items in them. Nothing is ever deleted. */
const changeBookings = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'] as const;

/** The end of an order also finds all its payments, and checks them in the transaction that gives up its seats. */
const endBookings = [...changeBookings, 'Query', 'ConditionCheckItem'] as const;

/** Taking the seats of an ended order again, and giving seats back: no shard is ever made by these. */
const moveSeats = ['GetItem', 'UpdateItem'] as const;

const readTimetable = ['GetItem', 'Query'] as const;

/** Putting money to its use: it pays its order, takes the seats of an ended one again, or goes back. */
const applyMoney = {
  tables: { timetable: readTimetable, inventory: moveSeats, bookings: changeBookings },
  answersPurchase: ['SendTaskSuccess'],
} as const satisfies Grants;

/** Ending orders, from whichever side it is begun: money that turns up on the way is put to its use. */
const settle = {
  ...applyMoney,
  tables: { ...applyMoney.tables, bookings: endBookings },
} as const satisfies Grants;

/** A provider's notifications are verified with its own secret, and no other. */
const callbacks = Object.fromEntries(
  providerNames.map((name) => [
    `payment-callbacks/${name}`,
    { tables: { bookings: ['GetItem', 'PutItem', 'UpdateItem'] }, secrets: [name] },
  ]),
) as unknown as Record<`payment-callbacks/${ProviderName}`, Grants>;

export const grants = {
  'api/about/greet': {},
  'api/about/health': {},
  'api/about/openapi': { publicUrl: true },
  'api/about/docs': {},
  'api/about/not-found': {},
  'api/timetable/find-stops': { tables: { timetable: ['Query'] } },
  'api/timetable/search-journeys': {
    tables: { timetable: [...readTimetable, 'BatchGetItem'], availability: ['BatchGetItem'] },
  },
  'api/timetable/get-run': { tables: { timetable: readTimetable } },
  'api/orders/place-order': {
    tables: {
      // A run is frozen by its first order, so that a later import cannot change what was sold.
      timetable: ['GetItem', 'Query', 'PutItem'],
      // The first hold on a shard puts it.
      inventory: ['BatchGetItem', 'PutItem', 'UpdateItem'],
      // A view that would refuse and is old is counted anew first.
      availability: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'],
      bookings: changeBookings,
    },
    secrets: ['documents'],
  },
  'api/orders/list-orders': { tables: { bookings: readBookings }, indexes: ['byUser'] },
  'api/orders/get-order': { tables: { bookings: readBookings } },
  'api/orders/cancel-order': {
    ...settle,
    secrets: providerNames,
    answersPurchase: ['SendTaskSuccess', 'SendTaskFailure'],
  },
  'api/payments/create-payment': {
    // The payments begun before are counted, and the order is checked: it is held.
    tables: {
      timetable: ['GetItem'],
      bookings: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    },
    secrets: providerNames,
    publicUrl: true,
  },
  'api/tickets/get-ticket': { tables: { bookings: ['GetItem'] } },
  'api/tickets/get-ticket-code': { tables: { bookings: ['GetItem'] } },
  ...callbacks,

  'workflow/reserve': { tables: { bookings: ['GetItem'] } },
  'workflow/await-payment': {
    tables: { bookings: ['GetItem', 'UpdateItem'] },
    answersPurchase: ['SendTaskSuccess', 'SendTaskFailure'],
  },
  'workflow/issue': {
    tables: { timetable: readTimetable, bookings: ['GetItem', 'PutItem', 'UpdateItem'] },
    secrets: ['tickets'],
  },
  'workflow/refund': { tables: { timetable: readTimetable, bookings: changeBookings } },
  'workflow/close-payment': { ...settle, secrets: providerNames },
  'workflow/release': {
    tables: {
      timetable: ['GetItem'],
      inventory: ['UpdateItem'],
      // Claims are read where some have ended before their order.
      bookings: ['GetItem', 'BatchGetItem', 'UpdateItem'],
    },
  },

  'events/publish-events': { publishes: true },
  'events/update-availability': {
    tables: {
      timetable: ['GetItem'],
      inventory: ['BatchGetItem'],
      availability: ['GetItem', 'PutItem'],
      // Whether those who took seats a moment ago live.
      bookings: ['BatchGetItem'],
    },
  },
  'events/watch-holds': { tables: { bookings: ['BatchGetItem', 'PutItem'] } },
  'events/start-purchase': { tables: { bookings: ['GetItem'] }, startsPurchase: true },
  'events/restart-purchase': { tables: { bookings: ['GetItem', 'UpdateItem'] }, startsPurchase: true },
  'events/apply-payment': applyMoney,
  'events/submit-refund': {
    tables: { bookings: ['GetItem', 'PutItem', 'UpdateItem'] },
    secrets: providerNames,
  },
  'events/send-email': { tables: { bookings: ['GetItem', 'Query', 'PutItem'] }, mails: true },

  'schedule/clean-up': {
    ...settle,
    // Beside ending orders: runs that nobody has bought follow the timetable, and their shards are closed and made.
    tables: {
      ...settle.tables,
      timetable: [...readTimetable, 'UpdateItem'],
      inventory: [...moveSeats, 'BatchGetItem', 'PutItem'],
    },
    indexes: ['due', 'attention'],
    secrets: ['tickets', ...providerNames],
  },
  'schedule/free-orphans': {
    tables: {
      // The runs that orders have touched, day by day, and the dates on sale.
      timetable: ['Query'],
      inventory: ['BatchGetItem', 'UpdateItem'],
      availability: ['GetItem', 'PutItem'],
      bookings: changeBookings,
    },
  },
} as const satisfies Record<string, Grants>;

/** The entry files below `functions/` that are deployed. */
export type FunctionName = keyof typeof grants;

export const functionNames = Object.keys(grants) as FunctionName[];

export const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(grants, name);
