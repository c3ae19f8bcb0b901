import { join } from 'node:path';
import { carrierFiles, carrierFolderOf } from '../../shared/platform/carrier-folder.ts';
import { instantOf, localDateOf } from '../../shared/platform/time.ts';
import { whyUnpayable } from '../carrier-of-run.ts';
import { importFirstTimetable } from '../first-timetable.ts';
import { signIn, type Buyer, type Journey } from './client.ts';
import { findJourneys, offersOf, type Found, type Offer } from './find-offers.ts';
import { passengersOf } from './passengers.ts';
import { tellAfterTheSale } from './after-the-sale.ts';
import {
  amountOf,
  expect,
  mailsTo,
  seatsLeft,
  seatsOf,
  shows,
  wish,
  type Play,
  type Stage,
} from './stage.ts';

const buyersAtOnce = 50;
const partyMax = 9;

const timeOf = (local: string) => local.slice(11, 16);

/** Offers to tell of: one with most seats, another, and one with few. They may be the same if there is little to sell. */
const chooseOffers = (journeys: readonly Journey[]): [Offer, Offer, Offer] => {
  const onSale = journeys.filter((journey) => offersOf([journey]).length > 0);
  const bySeats = (journey: Journey | undefined) =>
    offersOf(journey ? [journey] : []).sort((a, b) => b.seatsLeft - a.seatsLeft);
  const of = (at: number) => bySeats(onSale[at] ?? onSale.at(-1));
  const [first, second, third] = [of(0)[0], of(1)[1] ?? of(1)[0], of(2).at(-1)];
  expect(
    first !== undefined && second !== undefined && third !== undefined,
    'there is something to buy',
    journeys,
  );
  return [first, second, third];
};

/** Why the story ends after the hold, in a line; undefined if it was told to its end. Throws at the first step that fails. */
export const tellStory = async (play: Play): Promise<string | undefined> => {
  const { run, dataDir, carrier } = play;
  const passenger = passengersOf(carrier);
  expect(passenger !== undefined, 'the carrier takes a passport', carrier.documents.kinds);
  await importTimetable(play);
  const buyer = await signIn(run.endpoints, dataDir, 'family@example.com');
  const stage = { ...play, passenger, found: await search(play, buyer) };
  const [first, second, third] = chooseOffers(stage.found.journeys);
  const orderId = await holdSeats(stage, buyer, first);
  const why = whyUnpayable(carrier);
  if (why) return why;
  await pay(stage, buyer, orderId);
  await letHoldEnd(stage, second);
  const winner = await fightForLastSeat(stage, third);
  await tellAfterTheSale(stage, { buyer, orderId, offer: first, soldOut: third, winner });
  return undefined;
};

const importTimetable = async ({ run, tell, carrier }: Play): Promise<void> => {
  tell.chapter('The operator imports a timetable and opens sales');
  const report = await importFirstTimetable(run);
  const folder = `carriers/${carrier.carrierId}/${carrierFiles.demo}`;
  expect(report !== undefined, `the timetable of ${folder} is imported`, 'no such folder');
  tell.seen(
    `${report.stops} stops, ${report.trips} trips, ${report.calls} calls, service until ${report.lastDate}`,
  );
};

const search = async ({ run, tell, carrier }: Play, buyer: Buyer): Promise<Found> => {
  tell.chapter('A passenger searches');
  const feed = join(carrierFolderOf(carrier.carrierId), carrierFiles.demo);
  const today = localDateOf(instantOf(run.now()), carrier.timeZone);
  const found = await findJourneys(buyer, feed, today);
  expect(found !== undefined, 'there are journeys with a fare and free seats', 'none');
  const [first] = found.journeys;
  tell.seen(
    `${first?.from.name} → ${first?.to.name} on ${found.date}: ${found.journeys.length} run${found.journeys.length === 1 ? '' : 's'}`,
  );
  for (const journey of found.journeys.slice(0, 3)) tell.seen(lineOf(journey));
  return found;
};

const lineOf = ({ trip, from: start, to: end, classes }: Journey) =>
  `${trip.padEnd(5)} ${timeOf(start.departs)}–${timeOf(end.arrives)}  ` +
  classes
    .map((each) => `${each.class} ${each.fare ? amountOf(each.fare) : '–'} (${each.seatsLeft} left)`)
    .join('  ');

const holdSeats = async (stage: Stage, buyer: Buyer, offer: Offer): Promise<string> => {
  const { run, tell } = stage;
  tell.chapter('Two passengers hold two seats');
  const before = await seatsLeft(buyer, stage, offer);
  const held = await buyer.placeOrder(wish(stage, offer, [1, 2]));
  expect(held.status === 201 && held.body.items.length === 2, 'the seats are held at once', held);
  const { orderId } = held.body;
  tell.seen(`order ${orderId}: ${offer.journey.trip}, ${seatsOf(held.body)}, ${amountOf(held.body.amount)}`);
  tell.seen(`held until ${held.body.expiresAt}; ${before} seats were left`);
  const left = await shows(buyer, stage, offer, before - 2);
  expect(left === before - 2, 'search shows two seats fewer', { before, left });
  tell.seen(`search now shows ${left}`);
  const [subject] = await mailsTo(run, buyer.email, 1);
  expect(subject !== undefined, 'a mail is in the inbox', subject);
  tell.seen(`mail: ${subject}`);
  return orderId;
};

const pay = async ({ run, tell }: Stage, buyer: Buyer, orderId: string): Promise<void> => {
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

const letHoldEnd = async (stage: Stage, offer: Offer): Promise<void> => {
  const { run, dataDir, tell } = stage;
  tell.chapter('Another order is never paid');
  const buyer = await signIn(run.endpoints, dataDir, 'forgetful@example.com');
  const before = await seatsLeft(buyer, stage, offer);
  const party = [11, 12, 13].slice(0, Math.max(1, before));
  const { status, body } = await buyer.placeOrder(wish(stage, offer, party));
  expect(status === 201, `${party.length} seats are held`, body);
  const held = await shows(buyer, stage, offer, before - party.length);
  tell.seen(
    `order ${body.orderId} holds ${party.length} of ${before} seats until ${body.expiresAt}; search shows ${held}`,
  );
  tell.seen('here time runs sixty times as fast …');
  const ended = await buyer.waitFor(body.orderId, ['expired'], 90);
  expect(ended.state === 'expired', 'the hold ends by itself', ended);
  const after = await shows(buyer, stage, offer, before);
  expect(after === before, 'the seats are on sale again', { before, after });
  tell.seen(`the order is ${ended.state}, and search shows ${after} seats again`);
};

const holdAllButOne = async (stage: Stage, offer: Offer): Promise<void> => {
  const { run, dataDir, tell, carrier } = stage;
  const onlooker = await signIn(run.endpoints, dataDir, 'onlooker@example.com');
  const total = await seatsLeft(onlooker, stage, offer);
  const numbers = Array.from({ length: total - 1 }, (_, at) => 100 + at);
  const { seatsPerRunMax } = carrier;
  const party = seatsPerRunMax === 'unlimited' ? partyMax : Math.min(partyMax, seatsPerRunMax);
  for (let at = 0; at < numbers.length; at += party) {
    // Each party is a different user: one account cannot hold a whole class.
    const leader = await signIn(run.endpoints, dataDir, `party${at}@example.com`);
    const { status, body } = await leader.placeOrder(wish(stage, offer, numbers.slice(at, at + party)));
    expect(status === 201, 'all seats but one are held', body);
  }
  tell.seen(`${offer.journey.trip} has ${total} free seats in ${offer.class} class; ${total - 1} are held`);
};

const fightForLastSeat = async (stage: Stage, offer: Offer): Promise<{ buyer: Buyer; orderId: string }> => {
  const { run, dataDir, tell } = stage;
  tell.chapter(`${buyersAtOnce} buyers fight for the last seat`);
  await holdAllButOne(stage, offer);
  const buyers = await Promise.all(
    Array.from({ length: buyersAtOnce }, (_, at) => signIn(run.endpoints, dataDir, `buyer${at}@example.com`)),
  );
  const answers = await Promise.all(
    buyers.map((buyer, at) => buyer.placeOrder(wish(stage, offer, [10_000 + at]))),
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
  return { buyer: winner.buyer, orderId: winner.answer.body.orderId };
};
