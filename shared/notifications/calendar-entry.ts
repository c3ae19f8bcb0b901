import { instantOf, type Instant } from '../platform/time.ts';
import type { Ticket } from '../tickets/model.ts';
import { journeyIn } from '../timetable/rules.ts';
import type { Languages } from '../platform/languages.ts';
import { shownName } from './shown-name.ts';

/** `20261201T010000Z`: calendars show it in the reader's own zone. */
const utc = (instant: Instant): string => `${instant.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

const atStop = (time: string): string => utc(instantOf(Date.parse(time)));

/** Text values escape these four characters and contain no other control character (RFC 5545, 3.3.11). */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\\;,]/g, (character) => `\\${character}`)
    .replaceAll(/\r?\n/g, '\\n')
    .replaceAll(/\p{Cc}/gu, '');

/** Folds a line before its 76th byte, never within a character (RFC 5545, 3.1). */
const folded = (line: string): string => {
  const lines: string[] = [];
  let current = '';
  for (const character of line) {
    if (Buffer.byteLength(current + character) > 75) {
      lines.push(current);
      current = ' ';
    }
    current += character;
  }
  return [...lines, current].join('\r\n');
};

/**
 * A ticket's journey as an iCalendar file (RFC 5545), with the names in the reader's language. A later message about
 * the same ticket replaces it, because the UID is the same.
 */
export const calendarEntry = (input: { ticket: Ticket; languages: Languages; place: string }): string => {
  const { ticket, place } = input;
  const { trip, from, to } = journeyIn(input.languages, ticket);
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Keyun//Tickets//EN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${ticket.ticketId}@keyun`,
    `DTSTAMP:${utc(ticket.issuedAt)}`,
    `DTSTART:${atStop(ticket.from.departs)}`,
    `DTEND:${atStop(ticket.to.arrives)}`,
    `SUMMARY:${escaped(`${trip} ${from.name} → ${to.name}`)}`,
    `LOCATION:${escaped(from.name)}`,
    `DESCRIPTION:${escaped(`${place}\n${shownName(ticket.passenger.name)}\n${ticket.ticketId}`)}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
    .map(folded)
    .join('\r\n');
};
