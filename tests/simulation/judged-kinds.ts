import type { Kind } from '../../shared/bookings/kinds.ts';
import {
  entryMay,
  jobMay,
  orderMay,
  paymentMay,
  refundMay,
  retentionMay,
  ticketMay,
  type Item,
} from './protocol.ts';
import type { Wrong } from './wrong.ts';

/** What the judge knows of a kind of item, from docs/ARCHITECTURE.md and docs/how-to/what-is-kept.md. */
type Judged = {
  key: RegExp;
  /** Where each of its states may lead; from `absent`, where it may begin in some alone. */
  may?: Readonly<Record<string, readonly string[]>>;
  /** It stays as it was written first. */
  once?: true;
  /** It has deadlines. */
  due?: true;
  /** For what a person may be asked about it; for what fails again and again as well, if it has deadlines. */
  asksFor?: readonly string[];
};

/**
 * Of every kind of item in `Bookings`, what each write of it is judged by. The product's registry gives the names alone:
 * a kind that is added there and not here does not compile, and what is stored without either is found.
 */
const judged: Readonly<Record<Kind, Judged>> = {
  order: { key: /^ORDER#\S+ ORDER$/, may: orderMay, due: true, asksFor: ['workflow-died'] },
  payment: {
    key: /^ORDER#\S+ PAYMENT#\S+$/,
    may: paymentMay,
    due: true,
    asksFor: ['payment-unclosed', 'payment-unapplied', 'amount-disputed'],
  },
  refund: {
    key: /^ORDER#\S+ REFUND#\S+$/,
    may: refundMay,
    due: true,
    asksFor: [
      'refund-declined',
      'refund-unconfirmed',
      'refund-settling',
      'refund-paid-twice',
      'refund-surplus-returned',
    ],
  },
  ticket: { key: /^ORDER#\S+ TICKET#\d$/, may: ticketMay },
  use: { key: /^ORDER#\S+ USE#\S+$/, asksFor: ['ticket-used-wrongly'] },
  delay: { key: /^RUN#\S+ DELAY$/ },
  offered: { key: /^RUN#\S+ OFFERED#\S+$/, once: true },
  ticketKeys: { key: /^KEYS#tickets PUBLIC$/ },
  offer: { key: /^ORDER#\S+ OFFER#\S+$/, once: true },
  entry: { key: /^ORDER#\S+ JOURNAL#\S+$/, once: true },
  costs: { key: /^BOOKS#\S+ JOURNAL#\S+$/, once: true },
  sent: { key: /^ORDER#\S+ SENT#\S+$/, asksFor: ['mail-undelivered'] },
  retention: { key: /^ORDER#\S+ RETENTION$/, may: retentionMay, due: true },
  suspect: { key: /^ORDER#\S+ SUSPECT#\S+$/, due: true },
  waitlisted: { key: /^ORDER#\S+ WAITLIST$/, may: entryMay, due: true },
  wish: { key: /^WAITLIST#\S+ WISH#\S+$/ },
  allocation: { key: /^WAITLIST#\S+ ALLOCATION$/, due: true },
  waits: { key: /^WAITING#\S+ WAITING$/ },
  claims: { key: /^CLAIM#\S+ CLAIM$/ },
  counts: { key: /^USER#\S+ OPEN$/ },
  request: { key: /^IDEMPOTENCY#\S+ RECORD$/ },
  notification: { key: /^NOTIFICATION#\S+ NOTIFICATION$/, once: true },
  refusedNotification: { key: /^NOTIFICATION#\S+ REFUSED$/ },
  place: { key: /^SCAN#\S+ PLACE$/ },
  lease: { key: /^SCAN#\S+ LEASE$/ },
  note: { key: /^RUN#\S+ CHANGE$/, due: true },
  job: { key: /^JOB#\S+ JOB$/, may: jobMay, due: true },
  gone: { key: /^RUN#\S+ GONE$/, asksFor: ['run-gone'] },
  report: { key: /^BILL#\S+ REPORT$/, asksFor: ['bill-differs'] },
  difference: { key: /^BILL#\S+ DIFFERENCE#.+$/ },
  answers: { key: /^BILL#\S+ ANSWERS#.+$/ },
};

const stateOf = (item: Item | undefined): string => (item ? String(item['state']) : 'absent');

/** What a write of an item, of whatever kind, must not do. */
export const seeKind = (name: string, before: Item | undefined, after: Item | undefined): Wrong[] => {
  const kind = Object.values(judged).find(({ key }) => key.test(name));
  if (!kind) return [{ rule: 'known-kind', what: `${name} is of no kind that is known` }];
  const wrong: Wrong[] = [];
  const report = (rule: string, what: string): void => void wrong.push({ rule, what: `${name} ${what}` });
  if (kind.once && before) report('kept-as-written', 'was written twice');
  if (!after) return wrong;
  const [from, to] = [stateOf(before), stateOf(after)];
  const { may } = kind;
  if (may && from !== to && (from !== 'absent' || 'absent' in may) && !may[from]?.includes(to))
    report('transition', `went from ${from} to ${to}`);
  if (after['dueShard'] !== undefined && !kind.due) report('known-kind', 'is due, and nobody does anything');
  const asked = (after['attention'] as Item | undefined)?.['kind'];
  if (
    asked !== undefined &&
    !(kind.asksFor ?? []).includes(String(asked)) &&
    !(kind.due && asked === 'keeps-failing')
  )
    report('known-kind', `asks for a person: ${String(asked)}`);
  return wrong;
};
