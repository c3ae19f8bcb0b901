import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { attentionAttributes, type Attention } from '../bookings/attention.ts';
import { entryKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey, bookingKeys } from '../bookings/keys.ts';
import { readAll } from '../platform/batch-read.ts';
import type { Carrier } from '../platform/carrier.ts';
import { clause, isAbsent, type Clause } from '../platform/clauses.ts';
import { putIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { queryAll } from '../platform/query-all.ts';
import {
  differenceSchema,
  reportIdOf,
  reportSchema,
  type BillDay,
  type Difference,
  type Report,
} from './model.ts';

type Written = Outcome<object, 'changed-meanwhile'>;

/** They belong to the books. */
type Keeping = Pick<Carrier, 'booksKeptYears'>;

/** Table `Bookings`: `BILL#<provider>-<date>` / `REPORT`. */
export const keyOfReport = (day: BillDay) => bookingKey('report', reportIdOf(day));

export const reportFromItem = (item: Item): Report => reportSchema.parse(item);

export const readReport = async (bookings: Table, day: BillDay): Promise<Report | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOfReport(day), ConsistentRead: true }),
  );
  return Item && reportFromItem(Item);
};

/** The reports that there are of these days, in no order. */
export const readReports = async (bookings: Table, days: readonly BillDay[]): Promise<Report[]> =>
  (await readAll(bookings, days.map(keyOfReport), { consistent: true })).map(reportFromItem);

/** Every difference that was ever found in the bill of a day. */
export const readDifferences = async (bookings: Table, day: BillDay): Promise<Difference[]> => {
  const { pk, skPrefix } = bookingKeys('difference', reportIdOf(day));
  const items = await queryAll(bookings, pk, skPrefix, { consistent: true });
  return items.map((item) => differenceSchema.parse(item));
};

const wrote = ({ outcome }: { outcome: 'written' | 'refused' }): Written =>
  outcome === 'written' ? accepted({}) : rejected('changed-meanwhile');

/** A provider chooses some numbers, and DynamoDB takes no longer key. */
const numberMax = 200;

const differenceAsSeen = ({ state, edition }: Difference): Clause =>
  clause(
    '#state = :state AND edition = :edition',
    { ':state': state, ':edition': edition },
    { '#state': 'state' },
  );

/** `BILL#<provider>-<date>` / `DIFFERENCE#<class>#<number>`: remembers a difference, if it is as the caller read it. */
export const putDifference = async (
  bookings: Table,
  day: BillDay,
  { before, after }: { before: Difference | undefined; after: Difference },
  keeping: Keeping,
): Promise<Written> => {
  const number = `${after.class}#${after.number.slice(0, numberMax)}`;
  const item = {
    ...bookingKey('difference', reportIdOf(day), number),
    ...differenceSchema.parse(after),
    ttl: entryKeptUntil(after.openedAt, keeping),
  };
  return wrote(await putIf(bookings, item, { onlyIf: [before ? differenceAsSeen(before) : isAbsent] }));
};

const flagAsSeen = (seen: Attention | undefined): Clause =>
  seen
    ? clause('attention.why = :why AND attentionSince = :since', { ':why': seen.why, ':since': seen.since })
    : clause('attribute_not_exists(attention)');

const reportAsSeen = (seen: Report): Clause[] => [
  clause('edition = :edition AND changedAt = :changedAt', {
    ':edition': seen.edition,
    ':changedAt': seen.changedAt,
  }),
  flagAsSeen(seen.attention),
];

/**
 * Publishes a report, with its flag for a person or without, if it is as the caller read it: a person may have settled
 * it meanwhile, or another run may have published one.
 */
export const putReport = async (
  bookings: Table,
  { before, after }: { before: Report | undefined; after: Report },
  keeping: Keeping,
): Promise<Written> => {
  const item = {
    ...keyOfReport(after),
    ...reportSchema.parse(after),
    ...(after.attention && attentionAttributes(reportIdOf(after), after.attention)),
    ttl: entryKeptUntil(after.firstRunAt, keeping),
  };
  return wrote(await putIf(bookings, item, { onlyIf: before ? reportAsSeen(before) : [isAbsent] }));
};
