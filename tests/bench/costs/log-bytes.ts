import type { Counted } from '../../../infra/costs/counted.ts';

type Line = { message?: string; route?: string; status?: number; event?: string; function_name?: string };

/** The lines that a purchase leaves: two answers, the provider's notification, its metric, and a mail for each of two events. */
const ofPurchase: readonly ((line: Line) => boolean)[] = [
  ({ message, route, status }) => message === 'answered' && route === 'POST /v1/orders' && status === 201,
  ({ message, route, status }) =>
    message === 'answered' && route === 'POST /v1/orders/{orderId}/payments' && status === 201,
  ({ message }) => message === 'notification received',
  ({ message }) => message === 'a notification of a provider',
  ({ message, event }) => message === 'an e-mail to a passenger' && event === 'order-held',
  ({ message, event }) => message === 'an e-mail to a passenger' && event === 'order-issued',
];

/** The lines that a scheduled function leaves when nothing is due. */
const ofIdle: Readonly<Record<string, (line: Line) => boolean>> = {
  'schedule/clean-up': ({ message }) => message === 'what needs a person',
  'schedule/free-orphans': ({ message }) => message === 'the search for orphaned seats made progress',
};

/** API Gateway writes a line for each request: the names of `accessLog` and the values of a usual request. */
const accessLogBytes = 400;

/** CloudWatch bills this for each line beside its bytes (source: CloudWatch Logs, PutLogEvents). */
const eventBytes = 26;

/** The bytes of the first line of this kind. Throws if the log has none: then the purchase was not made, or logs otherwise. */
const bytesOf = (log: readonly string[], isKind: (line: Line) => boolean, kind: string): number => {
  const found = log.find((text) => text.startsWith('{') && isKind(JSON.parse(text) as Line));
  if (found === undefined) throw new Error(`the log has no line of ${kind}`);
  return Buffer.byteLength(found) + eventBytes;
};

/** What a local run has logged of one purchase and of its idle sweeps. `log` is its logs/functions.log. */
export const logBytesOf = (log: string, httpRequests: number, measured: string): Counted['logBytes'] => {
  const lines = log.split('\n');
  const purchase = ofPurchase.reduce(
    (sum, isKind, index) => sum + bytesOf(lines, isKind, `kind ${index} of a purchase`),
    0,
  );
  return {
    measured,
    purchase: purchase + httpRequests * (accessLogBytes + eventBytes),
    idle: Object.fromEntries(
      Object.entries(ofIdle).map(([entry, isKind]) => [entry, bytesOf(lines, isKind, entry)]),
    ),
  };
};
