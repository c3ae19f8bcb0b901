import { randomBytes } from 'node:crypto';
import { plusSeconds, type Clock, type Instant } from '../../../shared/platform/time.ts';
import type { Books } from './books.ts';

type Ticket = { date: string; until: Instant };
type Parts = { books: Books; clock: Clock };

const noteOf = (token: string): string => `bill:${token}`;

/** A token in the address of a bill, which is good for some seconds. */
export const newTicket = (date: string, seconds: number, { books, clock }: Parts): string => {
  const token = randomBytes(24).toString('hex');
  books.write({
    note: { key: noteOf(token), content: { date, until: plusSeconds(clock(), seconds) } satisfies Ticket },
  });
  return token;
};

/** The day of whose bill a token is, as long as it is good. */
export const dateOfTicket = (token: string, { books, clock }: Parts): string | undefined => {
  const ticket = books.note<Ticket>(noteOf(token));
  return ticket && clock() < ticket.until ? ticket.date : undefined;
};
