import type { Counted } from './counted.ts';
import type { CostLine } from './prices.ts';

/** X-Ray records the first request of each second and this share of the others, of each function (source: X-Ray, "sampling"). */
const sampledShare = 0.05;

const tickets = 1000;

/**
 * A thousand sold tickets, line by line. `sampled` says how many traces X-Ray records: all of them where purchases are rare, the
 * share that it samples in a rush.
 */
export const ticketCosts = (
  { purchase, logBytes }: Counted,
  sampled: 'all' | 'share' = 'all',
): CostLine[] => [
  { what: 'mails', units: tickets * purchase.mails, price: 'mail' },
  { what: 'state transitions', units: tickets * purchase.transitions, price: 'transition' },
  { what: 'units of writing', units: tickets * purchase.writeUnits, price: 'writeUnit' },
  { what: 'units of reading', units: tickets * purchase.readUnits, price: 'readUnit' },
  { what: 'runs of functions', units: tickets * purchase.lambdaInvocations, price: 'lambdaRequest' },
  { what: 'their time', units: tickets * purchase.gigabyteSeconds, price: 'lambdaGigabyteSecond' },
  { what: 'requests to queues', units: tickets * purchase.sqsRequests, price: 'sqsRequest' },
  { what: 'requests to the API', units: tickets * purchase.httpRequests, price: 'httpRequest' },
  { what: 'published events', units: tickets * purchase.snsRequests, price: 'snsPublish' },
  { what: 'log', units: (tickets * logBytes.purchase) / 1e9, price: 'logGigabyte' },
  {
    what: sampled === 'all' ? 'traces, if each is recorded' : 'traces, where one in twenty is recorded',
    units: tickets * purchase.traces * (sampled === 'all' ? 1 : sampledShare),
    price: 'trace',
  },
];
