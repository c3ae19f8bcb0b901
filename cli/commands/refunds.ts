import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { handledSchema } from '../../shared/bookings/attention.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { Refund } from '../../shared/payments/model.ts';
import { listRefunds } from '../../shared/payments/refunds-store.ts';
import { giveRefund } from '../../shared/paying/give-refund.ts';
import { nameOfGrant } from '../../shared/paying/name-of-grant.ts';
import type { GiveRefusal } from '../../shared/paying/rules.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { orderIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { fromDecimal, toDecimal, type Money } from '../../shared/platform/money.ts';
import { retryAttention, type Person } from '../../shared/upkeep/attention.ts';
import { findSubject } from '../../shared/upkeep/find-subject.ts';
import { listWaitingRefunds } from '../../shared/upkeep/waiting-refunds.ts';
import { CommandFailure } from '../connect.ts';
import { print, printJson, withTables } from '../run-command.ts';
import { handlingRefusals } from '../handling-refusals.ts';

type Flags = { json?: boolean; reason: string; by: string; amount: string; key?: string; order?: string };

export const register = (program: Command): void => {
  const refunds = program.command('refunds').description('money that goes back to passengers');
  refunds
    .command('list')
    .description('list the refunds that wait for a person, oldest first; or all refunds of an order')
    .option('--order <orderId>', 'all refunds of this order')
    .option('--json', 'print them as JSON')
    .action((flags: Flags) => withTables(({ tables: { bookings } }) => list(bookings, flags)));
  refunds
    .command('show')
    .description('show a refund, and what people did about it')
    .argument('<number>')
    .option('--json', 'print it as JSON')
    .action((number: string, { json }: Flags) =>
      withTables(async ({ tables: { bookings } }) => {
        const refund = await findRefund(bookings, number);
        if (json) printJson(shown(refund));
        else printRefund(refund);
      }),
    );
  byPerson(refunds.command('retry').description('send it again, or ask the provider now'))
    .argument('<number>')
    .action((number: string, flags: Flags) =>
      withTables(async ({ tables: { bookings } }) => {
        await findRefund(bookings, number);
        const outcome = await retryAttention({ bookings, clock: systemClock() })(number, personOf(flags));
        if (outcome.outcome === 'rejected') throw new CommandFailure(handlingRefusals[outcome.reason]);
        if (flags.json) printJson({ number, now: 'tried-again' });
        else print(`${number}: we try it again within a minute, or as soon as its provider allows`);
      }),
    );
  byPerson(refunds.command('give').description('give back some or all of the money of an issued order'))
    .argument('<orderId>')
    .requiredOption('--amount <amount>', 'in the currency of the order, such as 12.50')
    .option('--key <key>', 'the same key gives once, however often you run this')
    .action((orderId: string, flags: Flags) =>
      withTables(({ tables: { bookings } }) => give(bookings, orderId, flags)),
    );
};

const byPerson = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why; stored with the refund')
    .option('--by <name>', 'who does it; stored with the refund', userInfo().username)
    .option('--json', 'print the result as JSON');

const personOf = ({ by, reason }: Flags): Person => {
  const person = handledSchema.pick({ by: true, reason: true }).safeParse({ by, reason });
  if (!person.success) throw new CommandFailure('--by may have up to 64 characters, and --reason up to 500');
  return person.data;
};

const textOf = (amount: Money): string => `${toDecimal(amount)} ${amount.currency}`;

const findRefund = async (bookings: Table, number: string): Promise<Refund> => {
  const subject = await findSubject(bookings, number);
  if (subject?.kind === 'unreadable') throw new CommandFailure(handlingRefusals.unreadable);
  if (subject?.kind !== 'refund') throw new CommandFailure(`no refund has the number ${number}`);
  return subject.item;
};

const orderOf = (text: string): OrderId => {
  const orderId = orderIdSchema.safeParse(text).data;
  if (!orderId) throw new CommandFailure(`no order has the id ${text}`);
  return orderId;
};

const list = async (bookings: Table, { order, json }: Flags): Promise<void> => {
  const { refunds, more } =
    order === undefined
      ? await listWaitingRefunds(bookings)
      : { refunds: await listRefunds(bookings, orderOf(order)), more: false };
  if (json) return printJson({ refunds: refunds.map(shown), more });
  for (const refund of refunds) {
    const { refundNumber, state, amount, requestedAt, attention } = refund;
    const why = attention ? `  ${attention.kind}: ${attention.why}` : '';
    print(`${requestedAt}  ${state.padEnd(9)}  ${textOf(amount).padStart(14)}  ${refundNumber}${why}`);
  }
  const none = order === undefined ? 'No refund waits for a person' : 'The order has no refunds';
  print(refunds.length === 0 ? none : `${refunds.length}${more ? ' and more' : ''} in all`);
  return undefined;
};

/** What staff needs to know, without personal data. */
const shown = (refund: Refund) => ({
  number: refund.refundNumber,
  order: refund.orderId,
  payment: refund.paymentId,
  state: refund.state,
  amount: refund.amount,
  reason: refund.reason,
  requestedAt: refund.requestedAt,
  sentAt: refund.sentAt,
  attempts: refund.attempts,
  declined: 'declined' in refund ? refund.declined : undefined,
  attention: refund.attention,
  handled: refund.handled ?? [],
});

const printRefund = (refund: Refund): void => {
  const { handled, amount, attention, ...rest } = shown(refund);
  const lines = {
    ...rest,
    amount: textOf(amount),
    attention: attention && `${attention.kind}: ${attention.why}, since ${attention.since}`,
  };
  for (const [name, value] of Object.entries(lines))
    if (value !== undefined) print(`${name.padEnd(11)}  ${String(value)}`);
  for (const { at, by, did, reason } of handled) print(`${at}  ${by}  ${did}: ${reason}`);
};

const refusals: Readonly<Record<Exclude<GiveRefusal, 'not-enough-left'>, string>> = {
  'not-found': 'there is no such order',
  'not-issued': 'the order has no tickets: its money pays for nothing, or goes back by itself',
  'other-currency': 'the order was paid in another currency',
  'key-reused': 'this key has given another amount back before: use another key for another grant',
  'order-leaving': 'the years of the order are over, and its data is about to end: pay it another way',
  'changed-meanwhile': 'the order keeps changing: run this again',
};

const give = async (bookings: Table, id: string, flags: Flags): Promise<void> => {
  const orderId = orderOf(id);
  const order = await readOrder(bookings, orderId, { consistent: true });
  if (!order || order.state === 'void') throw new CommandFailure(refusals['not-found']);
  const amount = fromDecimal(flags.amount, order.amount.currency);
  if (!amount || amount.amount === 0)
    throw new CommandFailure(`--amount must be an amount in ${order.amount.currency} above zero`);
  const key = keyOf(flags);
  const grant = { amount, person: personOf(flags), name: nameOfGrant(key) };
  const given = await giveRefund({ bookings, clock: systemClock() })(orderId, grant);
  if (given.outcome === 'rejected') {
    if (given.reason !== 'not-enough-left') throw new CommandFailure(refusals[given.reason]);
    throw new CommandFailure(
      `only ${textOf(given.left)} of what the order paid is left: the rest has gone back, or is on its way`,
    );
  }
  const { now, refunds } = given;
  if (flags.json) return printJson({ now, key, refunds: refunds.map(shown) });
  print(now === 'given' ? `${textOf(amount)} goes back:` : `${textOf(amount)} was given back before:`);
  for (const refund of refunds) print(`  ${refund.refundNumber}  ${textOf(refund.amount)}`);
  return undefined;
};

/** A key that we make is told before anything is given: who repeats a command that broke off needs it. */
const keyOf = ({ key }: Flags): string => {
  if (key?.trim() === '') throw new CommandFailure('--key must not be empty');
  if (key !== undefined) return key;
  const made = randomUUID();
  process.stderr.write(`keyun: if this breaks off, run it again with --key ${made}\n`);
  return made;
};
