import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey, bookingKeys } from '../bookings/keys.ts';
import { attentionValues, removeAttention, setAttention, type Attention } from '../bookings/attention.ts';
import { dueOf, dueValues, removeDue, setDue } from '../bookings/due.ts';
import { wayTo } from '../bookings/transitions.ts';
import { allOf } from '../platform/clauses.ts';
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { queryAll } from '../platform/query-all.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import { refundSchema, refundTransitions, type Refund, type RefundIn } from './model.ts';
import { change, type Written } from './update-store.ts';

/** Table `Bookings`: `ORDER#<orderId>` / `REFUND#<refundNumber>`. */
export const keyOfRefund = (orderId: OrderId, refundNumber: string) =>
  bookingKey('refund', orderId, refundNumber);

/** Its event submits a refund within seconds; after this long the clean-up does it. */
const submitWithinSeconds = 30;

export const refundFromItem = (item: Item): Refund => refundSchema.parse(item);

export const readRefund = async (
  bookings: Table,
  orderId: OrderId,
  refundNumber: string,
): Promise<Refund | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({
      TableName: bookings.name,
      Key: keyOfRefund(orderId, refundNumber),
      ConsistentRead: true,
    }),
  );
  return Item && refundFromItem(Item);
};

/** All refunds of an order, in the order of their requests. */
export const listRefunds = async (bookings: Table, orderId: OrderId): Promise<Refund[]> => {
  const { pk, skPrefix } = bookingKeys('refund', orderId);
  const items = await queryAll(bookings, pk, skPrefix, { consistent: true });
  const refunds = items.map(refundFromItem);
  return refunds.toSorted((a, b) => a.requestedAt.localeCompare(b.requestedAt));
};

/** The intent to pay back, stored together with the state that causes it and before the provider is asked. */
export const putRefund = (bookings: Table, refund: RefundIn<'requested'>): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOfRefund(refund.orderId, refund.refundNumber),
      ...refundSchema.parse(refund),
      ...dueOf(refund.orderId, plusSeconds(refund.requestedAt, submitWithinSeconds)),
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

/**
 * Records that we are about to send it, before each send: of several functions, one sends it within the provider's
 * terms. If that one dies before it sends, the next look comes at `again`.
 */
export const markSending = (
  bookings: Table,
  refund: RefundIn<'requested' | 'submitted'>,
  { now, sentBefore, again }: { now: Instant; sentBefore: Instant; again: Instant },
): Promise<Written> => {
  const way = wayTo(refundTransitions, 'submitted', { orAlready: true });
  return change(bookings, keyOfRefund(refund.orderId, refund.refundNumber), {
    onlyIf: [way.condition, 'attempts = :attempts', 'attribute_not_exists(sentAt) OR sentAt <= :sentBefore'],
    update: 'SET #state = :submitted, sentAt = :now, dueAt = :again',
    values: {
      ...way.values,
      ':attempts': refund.attempts,
      ':now': now,
      ':sentBefore': sentBefore,
      ':again': again,
    },
  });
};

/** The provider has told us of it: it is due at once, in whatever state, and its event has it looked at. */
export const markNoticed = (bookings: Table, refund: Refund, now: Instant): Promise<Written> =>
  change(bookings, keyOfRefund(refund.orderId, refund.refundNumber), {
    onlyIf: ['attribute_exists(refundNumber)'],
    update: `SET noticedAt = :now, ${setDue}`,
    values: { ':now': now, ...dueValues(refund.orderId, now) },
  });

const countDecline = 'declines = if_not_exists(declines, :none) + :one';

/** Records that the provider was asked, or could not be asked; the next look comes at `again`. */
export const markSubmitted = (
  bookings: Table,
  refund: Refund,
  {
    again,
    declined,
    isDecline,
    attention,
  }: {
    again: Instant;
    declined: string | undefined;
    isDecline: boolean;
    attention?: Attention | undefined;
  },
): Promise<Written> => {
  const way = wayTo(refundTransitions, 'submitted', { orAlready: true });
  return change(bookings, keyOfRefund(refund.orderId, refund.refundNumber), {
    onlyIf: [way.condition],
    update:
      'SET #state = :submitted, attempts = attempts + :one, dueAt = :again' +
      (isDecline ? `, ${countDecline}` : '') +
      (attention ? `, ${setAttention}` : '') +
      (declined === undefined ? ' REMOVE declined' : ', declined = :declined'),
    values: {
      ...way.values,
      ':one': 1,
      ':again': again,
      ...(isDecline && { ':none': 0 }),
      ...(declined !== undefined && { ':declined': declined }),
      ...(attention && attentionValues(refund.orderId, attention)),
    },
  });
};

/**
 * Records that the provider declined it for good, and flags it for a person in the same write. We no longer send it,
 * but keep asking about it. Refused if it was sent again since the read.
 */
export const markFailed = (
  bookings: Table,
  refund: Refund,
  { why, attention, again }: { why: string; attention: Attention; again: Instant },
): Promise<Written> => {
  const way = wayTo(refundTransitions, 'failed', { only: ['requested', 'submitted'] });
  const { sentAt } = refund;
  return change(bookings, keyOfRefund(refund.orderId, refund.refundNumber), {
    onlyIf: [way.condition, sentAt === undefined ? 'attribute_not_exists(sentAt)' : 'sentAt = :sentAt'],
    update: `SET #state = :failed, declined = :why, dueAt = :again, ${countDecline}, ${setAttention}`,
    values: {
      ...way.values,
      ...(sentAt !== undefined && { ':sentAt': sentAt }),
      ':none': 0,
      ':one': 1,
      ':why': why,
      ':again': again,
      ...attentionValues(refund.orderId, attention),
    },
  });
};

/**
 * Sets when to ask again about a refund that we no longer send, or ends the asking; unless a person has taken it up
 * again meanwhile, or the provider has had news since we asked.
 */
export const askAboutAgain = (
  bookings: Table,
  refund: Refund,
  again: Instant | undefined,
): Promise<Written> =>
  change(bookings, keyOfRefund(refund.orderId, refund.refundNumber), {
    onlyIf: ['#state = :state', 'attribute_exists(dueAt)', noNewsSince(refund)],
    update: again ? 'SET dueAt = :again' : `REMOVE ${removeDue}`,
    values: { ':state': refund.state, ...(again && { ':again': again }), ...newsOf(refund) },
  });

/** The provider has told us nothing of the refund since it was read: an answer from before may be older than the news. */
const noNewsSince = ({ noticedAt }: Refund): string =>
  noticedAt === undefined ? 'attribute_not_exists(noticedAt)' : 'noticedAt = :noticedAt';

const newsOf = ({ noticedAt }: Refund): Item => (noticedAt === undefined ? {} : { ':noticedAt': noticedAt });

/**
 * T21, the refund's part: the provider has confirmed it, whatever a person or the provider itself reported before; but
 * only once, and not if the provider has had news since we asked.
 */
export const markSucceeded = (bookings: Table, refund: Refund, now: Instant): TransactItem => {
  const way = wayTo(refundTransitions, 'succeeded');
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfRefund(refund.orderId, refund.refundNumber),
      ConditionExpression: allOf(way.condition, 'attribute_not_exists(returnedAt)', noNewsSince(refund)),
      UpdateExpression: `SET #state = :succeeded, succeededAt = :now REMOVE ${removeDue}, ${removeAttention}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...way.values,
        ':now': now,
        ...newsOf(refund),
      },
    },
  };
};
