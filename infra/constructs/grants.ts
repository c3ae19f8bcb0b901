import { providerNames } from '../../functions/routes.ts';
import { type ProviderName } from './by-provider.ts';

/**
 * The grants of each function. Its IAM policy and its environment come from its line here. If a use case needs more, AWS
 * refuses it until you add the grant to this file.
 */
export type TableName = 'timetable' | 'inventory' | 'availability' | 'bookings';
export type SecretName = 'documents' | 'tickets' | ProviderName;

type ItemAction =
  'GetItem' | 'BatchGetItem' | 'Query' | 'Scan' | 'PutItem' | 'UpdateItem' | 'ConditionCheckItem';

export type Grants = {
  /** A transaction needs the actions of its items. */
  tables?: Partial<Record<TableName, readonly ItemAction[]>>;
  /** The indexes of Bookings that it queries. */
  indexes?: readonly ('due' | 'byUser' | 'attention' | 'books')[];
  secrets?: readonly SecretName[];
  /** Publishes to the topic of events. */
  publishes?: true;
  /** Starts executions of the workflow `purchase`. */
  startsPurchase?: true;
  /** Wakes an execution that waits for a payment, with one of these answers. */
  answersPurchase?: readonly ('SendTaskSuccess' | 'SendTaskFailure')[];
  /** Sends mail as MAIL_FROM, through MAIL_CONFIGURATION_SET. */
  mails?: true;
  /** Looks a user up by their id. */
  users?: true;
  /** Reads the public address of the API. */
  publicUrl?: true;
};

/** To read an order with its payments and tickets. */
const readBookings = ['GetItem', 'Query'] as const;

/** For a transition of an order: a transaction needs the actions of its items. No function deletes items. */
const changeBookings = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'] as const;

/** To end an order, a function also finds all its payments and checks them in the transaction before it releases the seats. */
const endBookings = [...changeBookings, 'Query', 'ConditionCheckItem'] as const;

/** To offer a refund, a function reads the order with its tickets and payments, and writes the offer. */
const offerBookings = ['GetItem', 'Query', 'PutItem', 'UpdateItem'] as const;

/** To hold the seats of an ended order again, and to release seats: neither creates a shard. */
const moveSeats = ['GetItem', 'UpdateItem'] as const;

const readTimetable = ['GetItem', 'Query'] as const;

/** To apply money: it pays its order, holds the seats of an ended order again, or goes back. */
const applyMoney = {
  // Seats that it must give back go to the waitlist if somebody waits.
  tables: { timetable: readTimetable, inventory: moveSeats, bookings: [...changeBookings, 'Query'] },
  answersPurchase: ['SendTaskSuccess'],
} as const satisfies Grants;

/** To end orders: a function that finds money on the way applies it. */
const settle = {
  ...applyMoney,
  tables: { ...applyMoney.tables, bookings: endBookings },
} as const satisfies Grants;

/** To make a job, a function reads the run. The job does the rest. */
const announcing = {
  tables: { timetable: readTimetable, bookings: ['GetItem', 'PutItem', 'UpdateItem'] },
} as const satisfies Grants;

/** A callback verifies notifications with the secret of its provider only. Not every one names the refund that it is about. */
const callbacks = Object.fromEntries(
  providerNames.map((name) => [
    `payment-callbacks/${name}`,
    { tables: { bookings: ['GetItem', 'Query', 'PutItem', 'UpdateItem'] }, secrets: [name] },
  ]),
) as unknown as Record<`payment-callbacks/${ProviderName}`, Grants>;

export const grants = {
  'api/about/greet': {},
  'api/about/health': {},
  'api/about/get-carrier': {},
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
      // The first hold on a shard creates it.
      inventory: ['BatchGetItem', 'PutItem', 'UpdateItem'],
      // Before an old view refuses a buyer, the function counts the run again.
      availability: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'],
      // Seats that it must give back go to the waitlist if somebody waits.
      bookings: [...changeBookings, 'Query'],
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
  'api/payments/list-methods': { secrets: providerNames },
  'api/payments/create-payment': {
    // The function counts earlier payments and checks that the order is held.
    tables: {
      timetable: ['GetItem'],
      bookings: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    },
    secrets: providerNames,
    publicUrl: true,
  },
  'api/refunds/make-offer': { tables: { timetable: ['GetItem'], bookings: offerBookings } },
  'api/refunds/accept-offer': {
    // It releases the seats at once.
    tables: { timetable: ['GetItem'], inventory: ['UpdateItem'], bookings: [...changeBookings, 'Query'] },
  },
  'api/exchanges/make-offer': {
    // It places an order for the new seats, and opens the documents of the earlier one.
    tables: {
      timetable: ['GetItem', 'Query', 'PutItem'],
      inventory: ['BatchGetItem', 'PutItem', 'UpdateItem'],
      availability: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'],
      bookings: [...changeBookings, 'Query'],
    },
    secrets: ['documents'],
  },
  'api/exchanges/accept-offer': {
    tables: { timetable: readTimetable, inventory: ['UpdateItem'], bookings: [...changeBookings, 'Query'] },
    secrets: ['tickets'],
    answersPurchase: ['SendTaskSuccess'],
  },
  'api/operator/cancel-run': announcing,
  'api/operator/cancel-stop': announcing,
  'api/operator/announce-delay': announcing,
  'api/operator/get-job': { tables: { bookings: ['GetItem'] } },
  'api/tickets/get-ticket': { tables: { bookings: ['GetItem'] } },
  'api/tickets/get-ticket-code': { tables: { bookings: ['GetItem'] } },
  // It verifies with the published halves of keys, and cannot sign. The run alone says where and when it is boarded.
  'api/gate/check-in': { tables: { timetable: ['GetItem'], bookings: ['GetItem', 'UpdateItem'] } },
  'api/gate/list-keys': { secrets: ['tickets'] },
  // Seats name their orders; the timetable has a run that nobody has bought.
  'api/gate/get-manifest': {
    tables: {
      timetable: readTimetable,
      inventory: ['BatchGetItem'],
      bookings: ['GetItem', 'BatchGetItem', 'Query'],
    },
  },
  'api/gate/sync-uses': {
    tables: { timetable: readTimetable, bookings: ['GetItem', 'PutItem', 'UpdateItem'] },
  },
  'api/waitlist/join-waitlist': {
    // The shards say whether a journey is sold out.
    tables: {
      timetable: readTimetable,
      inventory: ['BatchGetItem'],
      bookings: [...changeBookings, 'Query'],
    },
    secrets: ['documents'],
  },
  'api/waitlist/list-entries': { tables: { bookings: readBookings }, indexes: ['byUser'] },
  'api/waitlist/get-entry': { tables: { bookings: readBookings } },
  'api/waitlist/withdraw-entry': { tables: { bookings: [...readBookings, 'PutItem', 'UpdateItem'] } },
  ...callbacks,

  'workflow/reserve': { tables: { bookings: ['GetItem'] } },
  'workflow/await-payment': {
    tables: { bookings: ['GetItem', 'UpdateItem'] },
    answersPurchase: ['SendTaskSuccess', 'SendTaskFailure'],
  },
  'workflow/issue': {
    // The tickets that an order replaces end with its issue, and their seats are released at once.
    tables: { timetable: readTimetable, inventory: ['UpdateItem'], bookings: [...changeBookings, 'Query'] },
    secrets: ['tickets'],
  },
  'workflow/refund': { tables: { timetable: readTimetable, bookings: [...changeBookings, 'Query'] } },
  'workflow/close-payment': { ...settle, secrets: providerNames },
  'workflow/release': {
    tables: {
      timetable: ['GetItem'],
      inventory: ['UpdateItem'],
      // It reads the claims if some have expired before their order, and asks whether somebody waits for the seats.
      bookings: ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem'],
    },
  },

  'events/publish-events': { publishes: true },
  'events/update-availability': {
    tables: {
      timetable: ['GetItem'],
      inventory: ['BatchGetItem'],
      availability: ['GetItem', 'PutItem'],
      // It checks that the orders of recent holds are living.
      bookings: ['BatchGetItem'],
    },
  },
  'events/watch-holds': { tables: { bookings: ['BatchGetItem', 'PutItem'] } },
  'events/start-purchase': { tables: { bookings: ['GetItem'] }, startsPurchase: true },
  'events/restart-purchase': { tables: { bookings: ['GetItem', 'UpdateItem'] }, startsPurchase: true },
  'events/apply-payment': applyMoney,
  'events/submit-refund': {
    // A payment counts what is back, for which all its refunds are read.
    tables: { bookings: ['GetItem', 'Query', 'PutItem', 'UpdateItem'] },
    secrets: providerNames,
  },
  'events/allocate-seats': {
    // It holds seats, sells them to who waits, and issues the tickets.
    tables: {
      timetable: readTimetable,
      inventory: ['BatchGetItem', 'PutItem', 'UpdateItem'],
      bookings: [...changeBookings, 'Query'],
    },
    secrets: ['tickets'],
  },
  'events/send-email': {
    tables: { bookings: ['GetItem', 'Query', 'UpdateItem'] },
    mails: true,
    // Before money has come, it mails only the user's own, confirmed address.
    users: true,
  },
  'events/record-mail-report': { tables: { bookings: ['UpdateItem'] } },

  'schedule/clean-up': {
    ...settle,
    // It ends orders, and lets runs that nobody has bought follow the timetable, for which it closes and creates shards.
    tables: {
      ...settle.tables,
      // A job about a run also freezes one that no order has touched.
      timetable: [...readTimetable, 'PutItem', 'UpdateItem'],
      inventory: [...moveSeats, 'BatchGetItem', 'PutItem'],
    },
    indexes: ['due', 'attention'],
    secrets: ['tickets', ...providerNames],
  },
  'schedule/free-orphans': {
    tables: {
      // The runs with orders, by day, and the dates on sale.
      timetable: ['Query'],
      inventory: ['BatchGetItem', 'UpdateItem'],
      availability: ['GetItem', 'PutItem'],
      bookings: [...changeBookings, 'Query'],
    },
  },
  'schedule/reconcile': {
    // It books money and refunds that only a provider's bill has; the workers of events do the rest.
    tables: { bookings: [...changeBookings, 'Query'] },
    indexes: ['attention', 'books'],
    secrets: providerNames,
  },
} as const satisfies Record<string, Grants>;

/** The entry files below `functions/` that CDK deploys. */
export type FunctionName = keyof typeof grants;

export const functionNames = Object.keys(grants) as FunctionName[];

export const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(grants, name);
