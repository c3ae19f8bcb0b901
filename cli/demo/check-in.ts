import { setTimeout as sleep } from 'node:timers/promises';
import { instantOf, localDateOf, plusDays } from '../../shared/platform/time.ts';
import { signIn, type Answer, type Buyer, type Journey, type Order } from './client.ts';
import { offersOf, type Offer } from './find-offers.ts';
import { expect, wish, type Stage } from './stage.ts';

type Scan = {
  type?: string;
  opensAt?: string;
  firstUse?: { at: string; gateId: string };
  passenger?: { initials: string };
  coach?: string;
  seat?: string | null;
};

/** A gate where passengers board; its answer to the code of an order's last ticket that is valid. */
const gateAt = async ({ run, dataDir, found }: Stage) => {
  const gate = await signIn(run.endpoints, dataDir, 'gate@example.com', ['gates']);
  return (code: string, runId: string): Promise<Answer<Scan>> =>
    gate.post('/v1/check-ins', { code, runId, stopId: found.from, gateId: 'demo-1' });
};

const codeOf = async (buyer: Buyer, orderId: string): Promise<string> => {
  const { body: order } = await buyer.get<Order>(`/v1/orders/${orderId}`);
  const { body: ticket } = await buyer.get<{ code?: string }>(`/v1/tickets/${order.items[0]?.ticketId}`);
  expect(ticket.code !== undefined, 'the ticket has a code', ticket);
  return ticket.code;
};

const isProblem = ({ body }: Answer<Scan>, name: string): boolean => body.type?.endsWith(`:${name}`) === true;

/** Changes a letter of the signature. */
const forged = (code: string): string => {
  const at = code.length - 20;
  return `${code.slice(0, at)}${code[at] === 'A' ? 'B' : 'A'}${code.slice(at + 1)}`;
};

/** What leaves next and can still be bought. */
const nextOffer = async (buyer: Buyer, { run, carrier, found }: Stage): Promise<Offer | undefined> => {
  const today = localDateOf(instantOf(run.now()), carrier.timeZone);
  for (const date of [today, plusDays(today, 1)]) {
    const query = new URLSearchParams({ from: found.from, to: found.to, date });
    const { body } = await buyer.get<{ journeys: Journey[] }>(`/v1/journeys?${query}`);
    const [first] = offersOf(body.journeys);
    if (first) return first;
  }
  return undefined;
};

/** The longest time to wait for a gate that is not open, by this machine's clock. */
const waitMillisecondsMax = 90_000;

/** The gate's answer when it is open, or its answer now if that would take too long. */
const scanWhenOpen = async (
  scan: () => Promise<Answer<Scan>>,
  { run, tell, timeScale }: Stage,
): Promise<Answer<Scan>> => {
  const answer = await scan();
  if (!isProblem(answer, 'too-early-to-board') || answer.body.opensAt === undefined) return answer;
  tell.seen(`too early: the gate opens at ${answer.body.opensAt}`);
  const left = (Date.parse(answer.body.opensAt) - run.now()) / timeScale;
  if (left > waitMillisecondsMax) return answer;
  await sleep(Math.max(0, left) + 500);
  return scan();
};

/** Gates refuse what is too early or forged, and let each ticket in once. */
export const checkIn = async (
  stage: Stage,
  { buyer, orderId, offer }: { buyer: Buyer; orderId: string; offer: Offer },
): Promise<void> => {
  const { tell, carrier } = stage;
  tell.chapter('At the gate');
  if (!carrier.afterSale?.versions.some(({ checkIn: rules }) => rules))
    return tell.seen('this carrier has no gates');
  const scan = await gateAt(stage);
  const early = await codeOf(buyer, orderId);
  const tooEarly = await scan(early, offer.journey.runId);
  expect(isProblem(tooEarly, 'too-early-to-board'), 'days before, the gate is not open', tooEarly);
  tell.seen(`${offer.journey.trip} in two days: the gate opens at ${tooEarly.body.opensAt}`);
  const changed = await scan(forged(early), offer.journey.runId);
  expect(isProblem(changed, 'code-forged'), 'a changed code is refused', changed);
  tell.seen('a code with one letter changed: forged');
  const next = await nextOffer(buyer, stage);
  if (!next) return tell.seen('nothing leaves soon');
  const held = await buyer.placeOrder(wish(stage, next, [61]));
  expect(held.status === 201, 'a seat on what leaves next is held', held);
  await buyer.pay(held.body.orderId);
  const issued = await buyer.waitFor(held.body.orderId, ['issued']);
  expect(issued.state === 'issued', 'its ticket is issued', issued);
  const code = await codeOf(buyer, held.body.orderId);
  const first = await scanWhenOpen(() => scan(code, next.journey.runId), stage);
  if (isProblem(first, 'too-early-to-board')) return tell.seen('which is too long to wait for here');
  expect(first.status === 200, 'the passenger may board', first);
  const { coach, seat, passenger } = first.body;
  tell.seen(
    `${next.journey.trip}: ${passenger?.initials} may board, coach ${coach} ${seat ?? 'without number'}`,
  );
  const second = await scan(code, next.journey.runId);
  expect(isProblem(second, 'already-checked-in'), 'the ticket is used once', second);
  tell.seen(`the same code again: used at ${second.body.firstUse?.at}, gate ${second.body.firstUse?.gateId}`);
};
