/**
 * What each function may do, and nothing else: its IAM policy and its environment are both made from its line here.
 * A use case that needs more is refused by AWS until its functions say so in this file.
 */
export type TableName = 'timetable' | 'inventory' | 'availability' | 'bookings';
export type SecretName = 'master' | 'alipay';

type ItemAction =
  'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem';

export type Grants = {
  /** A transaction needs the actions of the items in it. */
  tables?: Partial<Record<TableName, readonly ItemAction[]>>;
  /** Indexes of Bookings that it queries. */
  indexes?: readonly ('due' | 'byUser')[];
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

const read = ['GetItem', 'BatchGetItem', 'Query'] as const;
const write = [...read, 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] as const;

/** Taking seats and giving them back. A shard is never deleted; its first hold puts it. */
const seats = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] as const;

/** A run is frozen into the timetable by its first order, so that a later import cannot change what was sold. */
const runs = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'ConditionCheckItem'] as const;

const search: Grants = { tables: { timetable: read, availability: read } };

export const grants = {
  'api/greet': {},
  'api/health': {},
  'api/openapi': { publicUrl: true },
  'api/docs': {},
  'api/not-found': {},
  'api/find-stops': search,
  'api/search-journeys': search,
  'api/get-run': search,
  'api/place-order': {
    tables: { timetable: runs, inventory: seats, availability: read, bookings: write },
    indexes: ['byUser'],
    secrets: ['master'],
  },
  'api/list-orders': { tables: { bookings: read }, indexes: ['byUser'] },
  'api/get-order': { tables: { bookings: read } },
  'api/cancel-order': { tables: { bookings: write }, answersPurchase: ['SendTaskFailure'] },
  'api/create-payment': { tables: { bookings: write }, secrets: ['alipay'], publicUrl: true },
  'api/get-ticket': { tables: { bookings: read } },
  'api/get-ticket-code': { tables: { bookings: read } },
  'payment-callbacks/alipay': { tables: { bookings: write }, secrets: ['alipay'] },

  'workflow/reserve': {
    tables: { timetable: read, inventory: seats, bookings: write },
    secrets: ['master'],
  },
  'workflow/await-payment': { tables: { bookings: write }, answersPurchase: ['SendTaskSuccess'] },
  'workflow/issue': {
    tables: { timetable: read, inventory: seats, bookings: write },
    secrets: ['master'],
  },
  'workflow/refund': { tables: { inventory: seats, bookings: write } },
  'workflow/close-payment': { tables: { inventory: seats, bookings: write }, secrets: ['alipay'] },
  'workflow/release': { tables: { inventory: seats, bookings: write } },

  'events/publish-events': { publishes: true },
  'events/update-availability': {
    tables: { timetable: read, inventory: read, availability: [...read, 'PutItem', 'UpdateItem'] },
  },
  'events/start-purchase': { tables: { bookings: write }, startsPurchase: true },
  'events/apply-payment': {
    tables: { timetable: read, inventory: seats, bookings: write },
    answersPurchase: ['SendTaskSuccess'],
  },
  'events/submit-refund': { tables: { bookings: write }, secrets: ['alipay'] },
  'events/send-email': { tables: { bookings: [...read, 'PutItem'] }, mails: true },

  'schedule/clean-up': {
    tables: { timetable: read, inventory: seats, bookings: write },
    indexes: ['due'],
    secrets: ['master', 'alipay'],
    startsPurchase: true,
    answersPurchase: ['SendTaskSuccess', 'SendTaskFailure'],
  },
} as const satisfies Record<string, Grants>;

/** The entry files below `functions/` that are deployed. */
export type FunctionName = keyof typeof grants;

export const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(grants, name);
