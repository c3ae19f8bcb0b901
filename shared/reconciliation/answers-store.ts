import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { bookingKey, bookingKeys } from '../bookings/keys.ts';
import { answersKeptUntil } from '../bookings/kept-until.ts';
import type { Table } from '../platform/dynamo.ts';
import { queryAll } from '../platform/query-all.ts';
import { instantSchema, plusSeconds, type Instant } from '../platform/time.ts';
import { elsewhereSchema, findingSchema, reportIdOf, type BillDay } from './model.ts';

/** An answer is this old at most when a report is made of it. */
const answersLastSeconds = 86_400;

/** What a question of a run was about, and what is left to tell after its answer. */
const answerSchema = z.object({
  about: z.string(),
  findings: z.array(findingSchema),
  elsewhere: elsewhereSchema.optional(),
});
export type Answered = z.infer<typeof answerSchema>;

const answersSchema = z.object({ answeredAt: instantSchema, answers: z.array(answerSchema) });

const putAnswers = async (
  bookings: Table,
  day: BillDay,
  { number, answers, now }: { number: string; answers: readonly Answered[]; now: Instant },
): Promise<void> => {
  const Item = {
    ...bookingKey('answers', reportIdOf(day), number),
    ...answersSchema.parse({ answeredAt: now, answers }),
    ttl: answersKeptUntil(now),
  };
  await bookings.client.send(new PutCommand({ TableName: bookings.name, Item }));
};

/**
 * `BILL#<provider>-<date>` / `ANSWERS#<what the first is about>`: the answers to some questions of a run that has more of them,
 * so that the next one need not ask again.
 */
export const keepAnswers = async (
  bookings: Table,
  day: BillDay,
  answers: readonly Answered[],
  now: Instant,
): Promise<void> => {
  const [first] = answers;
  if (first) await putAnswers(bookings, day, { number: first.about, answers, now });
};

const readItems = async (bookings: Table, day: BillDay) => {
  const { pk, skPrefix } = bookingKeys('answers', reportIdOf(day));
  return (await queryAll(bookings, pk, skPrefix, { consistent: true })).map((item) =>
    answersSchema.parse(item),
  );
};

/** The answers of runs of the last day that have not come to their end. */
export const readAnswers = async (bookings: Table, day: BillDay, now: Instant): Promise<Answered[]> =>
  (await readItems(bookings, day))
    .filter(({ answeredAt }) => now < plusSeconds(answeredAt, answersLastSeconds))
    .flatMap(({ answers }) => answers);

/** A report has all answers: the next run asks again. */
export const forgetAnswers = async (bookings: Table, day: BillDay, now: Instant): Promise<void> => {
  for (const { answers } of await readItems(bookings, day))
    if (answers[0]) await putAnswers(bookings, day, { number: answers[0].about, answers: [], now });
};
