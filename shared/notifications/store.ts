import { GetCommand } from '@aws-sdk/lib-dynamodb';
import {
  attentionFor,
  attentionValues,
  forPersonOf,
  setAttention,
  type ForPerson,
} from '../bookings/attention.ts';
import { sentKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey, bookingKeys } from '../bookings/keys.ts';
import { clause, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { queryAll } from '../platform/query-all.ts';
import type { Instant } from '../platform/time.ts';
import {
  sentMessageSchema,
  type Fate,
  type MessageReport,
  type NewlySent,
  type NewsRef,
  type SentMessage,
  type SentRef,
} from './model.ts';
import { milderThan } from './rules.ts';

/** Records live in their order's partition, one for each event and channel. */
const keyOf = ({ orderId, eventId, channel }: SentRef) =>
  bookingKey('sent', orderId, `${eventId}#${channel}`);

/** A record, and what people have to do or did about it. */
export const sentFromItem = (item: Item): SentMessage & ForPerson => ({
  ...sentMessageSchema.parse(item),
  ...forPersonOf(item),
});

export const readSent = async (bookings: Table, message: SentRef): Promise<SentMessage | undefined> => {
  const { Item: item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(message), ConsistentRead: true }),
  );
  return item && sentFromItem(item);
};

/** Every message about an order, in the order of its events. */
export const listSent = async (bookings: Table, orderId: OrderId): Promise<(SentMessage & ForPerson)[]> => {
  const { pk, skPrefix } = bookingKeys('sent', orderId);
  return (await queryAll(bookings, pk, skPrefix, { consistent: true })).map(sentFromItem);
};

const isNotRecorded = clause('attribute_not_exists(outcome)');

/** Records a message; `why` flags it for a person. If two deliveries come at once, the first record stays. */
export const putSent = (bookings: Table, sent: NewlySent, why: string | undefined): Promise<void> =>
  change(bookings, sent, {
    onlyIf: isNotRecorded,
    set: { outcome: sent.outcome, at: sent.at, ...(sent.why !== undefined && { why: sent.why }) },
    flag: why,
    now: sent.at,
  });

/** Only a worse fate replaces another. */
const hasMilderFate = (became: Fate['became']): Clause => {
  const milder = milderThan(became).map((each, n) => [`:milder${n}`, each] as const);
  const replaces = milder.length > 0 ? ` OR fate.became IN (${milder.map(([name]) => name).join(', ')})` : '';
  return clause(`attribute_not_exists(fate)${replaces}`, Object.fromEntries(milder));
};

/**
 * Records what became of a message; `why` flags it for a person. It makes the record if the function that sent the
 * message has not come to it yet, or died before.
 */
export const putFate = (
  bookings: Table,
  report: MessageReport,
  { why, now }: { why: string | undefined; now: Instant },
): Promise<void> =>
  change(bookings, report, {
    onlyIf: hasMilderFate(report.fate.became),
    set: { fate: report.fate },
    flag: why,
    now,
  });

type Change = { onlyIf: Clause; set: Item; flag: string | undefined; now: Instant };

/** Sets these fields of a record, which it makes if there is none. */
const change = async (
  bookings: Table,
  { orderId, eventId, event, channel }: NewsRef,
  { onlyIf, set, flag, now }: Change,
): Promise<void> => {
  const fields = { orderId, eventId, event, channel, ...set, ttl: sentKeptUntil(now) };
  const attention =
    flag === undefined ? undefined : attentionFor('mail-undelivered', flag, { now, before: undefined });
  await updateIf(bookings, keyOf({ orderId, eventId, channel }), {
    onlyIf: [onlyIf],
    update: `SET ${[
      ...Object.keys(fields).map((name) => `#${name} = :${name}`),
      ...(attention ? [setAttention] : []),
    ].join(', ')}`,
    names: Object.fromEntries(Object.keys(fields).map((name) => [`#${name}`, name])),
    values: {
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value])),
      ...(attention && attentionValues(orderId, attention)),
    },
  });
};
