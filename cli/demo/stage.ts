import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalRun } from '../../infra/local/run/run-stack.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';
import { toDecimal } from '../../shared/platform/money.ts';
import type { Buyer, Journey, Money, Order } from './client.ts';
import type { Found, Offer } from './find-offers.ts';
import type { DemoPassenger } from './passengers.ts';

/** A step that failed. */
export class StoryBroken extends Error {
  override name = 'StoryBroken';
}

export type Teller = { part(title: string): void; chapter(title: string): void; seen(line: string): void };

/** `timeScale`: how many times as fast as on this machine the time of the run goes. */
export type Play = { run: LocalRun; dataDir: string; tell: Teller; carrier: Carrier; timeScale: number };
export type Stage = Play & { passenger: (number: number) => DemoPassenger; found: Found };

export function expect(isTrue: boolean, what: string, seen: unknown): asserts isTrue {
  if (!isTrue) throw new StoryBroken(`${what}; seen: ${JSON.stringify(seen)}`);
}

export const amountOf = (money: Money) => `${toDecimal(money)} ${money.currency}`;

export const seatsOf = ({ items }: Order) =>
  items
    .map(({ coach, seat }) => `coach ${coach} ${seat === null ? 'without number' : `seat ${seat}`}`)
    .join(', ');

export const seatsLeft = async (
  buyer: Buyer,
  { found }: Stage,
  { journey, class: wanted }: Offer,
): Promise<number> => {
  const { from, to, date } = found;
  const query = new URLSearchParams({ from, to, date });
  const { body } = await buyer.get<{ journeys: Journey[] }>(`/v1/journeys?${query}`);
  const shown = body.journeys.find(({ runId }) => runId === journey.runId);
  return shown?.classes.find((each) => each.class === wanted)?.seatsLeft ?? -1;
};

/** Search shows a change of seats within seconds; it is a view, and it never decides. */
export const shows = async (buyer: Buyer, stage: Stage, offer: Offer, count: number): Promise<number> => {
  let left = await seatsLeft(buyer, stage, offer);
  for (let attempt = 0; left !== count && attempt < 50; attempt += 1) {
    await sleep(200);
    left = await seatsLeft(buyer, stage, offer);
  }
  return left;
};

export const wish = (
  { passenger, found: { from, to } }: Stage,
  offer: Offer,
  numbers: readonly number[],
) => ({
  runId: offer.journey.runId,
  from,
  to,
  class: offer.class,
  passengers: numbers.map(passenger),
});

/** The subjects of the mails to an address, as soon as there are so many. */
export const mailsTo = async (run: LocalRun, email: string, count: number): Promise<string[]> => {
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(`${run.endpoints.inbox}/store`);
    const { emails } = (await response.json()) as {
      emails: { subject: string; destination: { to: string[] } }[];
    };
    const subjects = emails
      .filter(({ destination }) => destination.to.includes(email))
      .map(({ subject }) => subject);
    if (subjects.length >= count || attempt > 50) return subjects;
    await sleep(200);
  }
};
