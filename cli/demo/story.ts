import type { LocalRun } from '../../infra/local/run/run-stack.ts';
import { instantOf, localDateOf, plusDays } from '../../shared/platform/time.ts';
import { toDecimal } from '../../shared/platform/money.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { importFirstTimetable } from '../first-timetable.ts';
import { signIn, type Buyer, type Journey, type Order } from './client.ts';
import { passenger } from './passengers.ts';

/** A step that failed. */
export class StoryBroken extends Error {
  override name = 'StoryBroken';
}

export type Teller = { chapter(title: string): void; seen(line: string): void };

type Stage = { run: LocalRun; dataDir: string; tell: Teller };

const from = 'VNP';
const to = 'AOH';
const buyersAtOnce = 50;

function expect(isTrue: boolean, what: string, seen: unknown): asserts isTrue {
  if (!isTrue) throw new StoryBroken(`${what}; seen: ${JSON.stringify(seen)}`);
}

const amountOf = (money: Order['amount']) => `${toDecimal(money)} ${money.currency}`;
const timeOf = (local: string) => local.slice(11, 16);
const seatsOf = ({ items }: Order) =>
  items.map(({ coach, seat }) => `coach ${coach} seat ${seat}`).join(', ');

/** Shows the whole story, or throws at the first step that fails. */
export const tellStory = async (stage: Stage): Promise<void> => {
  await importTimetable(stage);
  const passengers = await signIn(stage.run.endpoints, stage.dataDir, 'family@example.com');
  const journeys = await search(stage, passengers);
  const [first, second, third] = journeys;
  expect(
    first !== undefined && second !== undefined && third !== undefined,
    'three runs to choose from',
    journeys.length,
  );
  await buyTwoSeats(stage, passengers, first);
  await letHoldEnd(stage, second);
  await fightForLastSeat(stage, third);
};

const importTimetable = async ({ run, tell }: Stage): Promise<void> => {
  tell.chapter('The operator imports a timetable and opens sales');
  const report = await importFirstTimetable(run);
  expect(report !== undefined, 'the timetable is imported', report);
  tell.seen(
    `${report.stops} stops, ${report.trips} trips, ${report.calls} calls, service until ${report.lastDate}`,
  );
};

const search = async ({ run, tell }: Stage, buyer: Buyer): Promise<Journey[]> => {
  tell.chapter('A passenger searches');
  const date = plusDays(localDateOf(instantOf(run.now()), 'Asia/Shanghai'), 2);
  const { status, body } = await buyer.get<{ journeys: Journey[] }>(
    `/v1/journeys?from=${from}&to=${to}&date=${date}`,
  );
  expect(status === 200 && body.journeys.length > 0, 'there are journeys', body);
  const [first] = body.journeys;
  tell.seen(`${first?.from.name} → ${first?.to.name} on ${date}: ${body.journeys.length} runs`);
  for (const journey of body.journeys.slice(0, 3)) tell.seen(lineOf(journey));
  return body.journeys;
};

const lineOf = ({ trip, from: start, to: end, classes }: Journey) =>
  `${trip.padEnd(5)} ${timeOf(start.departs)}–${timeOf(end.arrives)}  ` +
  classes
    .map((each) => `${each.class} ${each.fare ? amountOf(each.fare) : '–'} (${each.seatsLeft} left)`)
    .join('  ');

const seatsLeft = async (buyer: Buyer, { runId, from: start }: Journey, wanted: string): Promise<number> => {
  const date = start.departs.slice(0, 10);
  const { body } = await buyer.get<{ journeys: Journey[] }>(
    `/v1/journeys?from=${from}&to=${to}&date=${date}`,
  );
  const found = body.journeys.find((journey) => journey.runId === runId);
  return found?.classes.find((each) => each.class === wanted)?.seatsLeft ?? -1;
};

/** Search shows a change of seats within seconds; it is a view, and it never decides. */
const shows = async (buyer: Buyer, journey: Journey, wanted: string, count: number): Promise<number> => {
  let left = await seatsLeft(buyer, journey, wanted);
  for (let attempt = 0; left !== count && attempt < 50; attempt += 1) {
    await sleep(200);
    left = await seatsLeft(buyer, journey, wanted);
  }
  return left;
};

const wish = (journey: Journey, wanted: string, numbers: readonly number[]) => ({
  runId: journey.runId,
  from,
  to,
  class: wanted,
  passengers: numbers.map(passenger),
});

const buyTwoSeats = async ({ run, tell }: Stage, buyer: Buyer, journey: Journey): Promise<void> => {
  tell.chapter('Two passengers hold two seats');
  const before = await seatsLeft(buyer, journey, 'second');
  const held = await buyer.placeOrder(wish(journey, 'second', [1, 2]));
  expect(held.status === 201 && held.body.items.length === 2, 'the seats are held at once', held);
  const { orderId } = held.body;
  tell.seen(`order ${orderId}: ${journey.trip}, ${seatsOf(held.body)}, ${amountOf(held.body.amount)}`);
  tell.seen(`held until ${held.body.expiresAt}; ${before} seats were left`);
  const left = await shows(buyer, journey, 'second', before - 2);
  expect(left === before - 2, 'search shows two seats fewer', { before, left });
  tell.seen(`search now shows ${left}`);

  tell.chapter('They pay at the cashier');
  const { cashier, message } = await buyer.pay(orderId);
  tell.seen(`${cashier}: ${message}`);
  const issued = await buyer.waitFor(orderId, ['issued']);
  expect(issued.state === 'issued', 'the tickets are issued', issued);
  expect(
    issued.items.every(({ ticketId }) => ticketId !== undefined),
    'each seat has a ticket',
    issued,
  );
  tell.seen(`tickets ${issued.items.map(({ ticketId }) => ticketId).join(', ')}`);
  const subjects = await mailsTo(run, buyer.email, 2);
  expect(subjects.length >= 2, 'two mails are in the inbox', subjects);
  for (const subject of subjects) tell.seen(`mail: ${subject}`);
};

const mailsTo = async (run: LocalRun, email: string, count: number): Promise<string[]> => {
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

const letHoldEnd = async ({ run, dataDir, tell }: Stage, journey: Journey): Promise<void> => {
  tell.chapter('Another order is never paid');
  const buyer = await signIn(run.endpoints, dataDir, 'forgetful@example.com');
  const before = await seatsLeft(buyer, journey, 'first');
  const { status, body } = await buyer.placeOrder(wish(journey, 'first', [11, 12, 13]));
  expect(status === 201, 'three seats are held', body);
  const held = await shows(buyer, journey, 'first', before - 3);
  tell.seen(
    `order ${body.orderId} holds three of ${before} seats until ${body.expiresAt}; search shows ${held}`,
  );
  tell.seen('here time runs sixty times as fast …');
  const ended = await buyer.waitFor(body.orderId, ['expired'], 90);
  expect(ended.state === 'expired', 'the hold ends by itself', ended);
  const after = await shows(buyer, journey, 'first', before);
  expect(after === before, 'the seats are on sale again', { before, after });
  tell.seen(`the order is ${ended.state}, and search shows ${after} seats again`);
};

const fightForLastSeat = async ({ run, dataDir, tell }: Stage, journey: Journey): Promise<void> => {
  tell.chapter(`${buyersAtOnce} buyers fight for the last seat`);
  const onlooker = await signIn(run.endpoints, dataDir, 'onlooker@example.com');
  const total = await seatsLeft(onlooker, journey, 'business');
  const numbers = Array.from({ length: total - 1 }, (_, at) => 100 + at);
  for (let at = 0; at < numbers.length; at += 9) {
    // Each party is a different user: one account cannot hold a whole class.
    const leader = await signIn(run.endpoints, dataDir, `party${at}@example.com`);
    const { status, body } = await leader.placeOrder(wish(journey, 'business', numbers.slice(at, at + 9)));
    expect(status === 201, 'all seats but one are held', body);
  }
  tell.seen(`${journey.trip} has ${total} seats in business class; ${total - 1} are held`);

  const buyers = await Promise.all(
    Array.from({ length: buyersAtOnce }, (_, at) => signIn(run.endpoints, dataDir, `buyer${at}@example.com`)),
  );
  const answers = await Promise.all(
    buyers.map((buyer, at) => buyer.placeOrder(wish(journey, 'business', [300 + at]))),
  );
  const winners = buyers.flatMap((buyer, at) =>
    answers[at]?.status === 201 ? [{ buyer, answer: answers[at] }] : [],
  );
  const soldOut = answers.filter(({ body }) => body.type?.endsWith(':sold-out')).length;
  const others = answers.filter(({ status, body }) => status !== 201 && !body.type?.endsWith(':sold-out'));
  expect(
    winners.length === 1 && soldOut === buyersAtOnce - 1,
    'one buyer gets the seat, and the others get "sold out"',
    {
      winners: winners.length,
      soldOut,
      others: others.map(({ status, body }) => `${status} ${body.type}`),
    },
  );
  const [winner] = winners;
  expect(winner !== undefined, 'there is a winner', winners);
  tell.seen(`one buyer holds ${seatsOf(winner.answer.body)}; ${soldOut} got "sold out"`);
  await winner.buyer.pay(winner.answer.body.orderId);
  const issued = await winner.buyer.waitFor(winner.answer.body.orderId, ['issued']);
  expect(issued.state === 'issued', 'the winner gets the ticket', issued);
  tell.seen(`sold once: ticket ${issued.items[0]?.ticketId} for ${winner.buyer.email}`);
};
