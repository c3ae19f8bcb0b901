import { Option, type Command } from 'commander';
import { userInfo } from 'node:os';
import {
  endsWhenSettled,
  handledSchema,
  kindOfAttention,
  type Attention,
} from '../../shared/bookings/attention.ts';
import type { Use } from '../../shared/check-ins/model.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { toDecimal } from '../../shared/platform/money.ts';
import { isCaptured } from '../../shared/payments/model.ts';
import { paymentProviders } from '../../shared/payments/providers.ts';
import { findSubject, type Subject } from '../../shared/upkeep/find-subject.ts';
import {
  listWhatNeedsAPerson,
  markOf,
  retryAttention,
  settle,
  type Person,
  type SettleHow,
} from '../../shared/upkeep/attention.ts';
import type { RefundDependencies } from '../../shared/paying/submit-refund.ts';
import { CommandFailure, type Connection } from '../connect.ts';
import { handlingRefusals } from '../handling-refusals.ts';
import { print, printJson, withTables } from '../run-command.ts';

type Flags = { json?: boolean; reason: string; by: string; seen: string } & SettleHow;

const perShardMax = 250;

export const register = (program: Command): void => {
  const attention = program.command('attention').description('list and handle what needs a person');
  attention
    .command('list')
    .description('list what needs a person, oldest first')
    .option('--json', 'print it as JSON')
    .action(({ json }: Flags) => withTables((connection) => list(connection, json === true)));
  attention
    .command('show')
    .description(
      'show why an order, a payment, a refund, a mail or a run needs a person, and what you can do',
    )
    .argument('<id>')
    .option('--json', 'print it as JSON')
    .action((id: string, { json }: Flags) => withTables((connection) => show(connection, id, json === true)));
  handling(attention, 'retry', 'retry it now').action((id: string, flags: Flags) =>
    withTables(async ({ tables: { bookings } }) => {
      const outcome = await retryAttention({ bookings, clock: systemClock() })(id, personOf(flags));
      if (outcome.outcome === 'rejected') throw new CommandFailure(handlingRefusals[outcome.reason]);
      if (flags.json) printJson({ id, now: 'tried-again' });
      else print(`we retry ${id} within a minute; it leaves the list when it succeeds`);
    }),
  );
  handling(attention, 'settle', 'handle it by hand: a refund in two steps, other things in one')
    .option('--paid', 'you have paid the refund another way')
    .option('--seen <mark>', 'the mark from attention show: it proves what you saw', '')
    .addOption(new Option('--give-back', 'hand the refund back if you have not paid it').conflicts('paid'))
    .addOption(
      new Option(
        '--unconfirmed',
        'the provider has not answered for three days: decide without its answer',
      ).conflicts(['paid', 'giveBack']),
    )
    .action((id: string, flags: Flags) => withTables((connection) => settleById(connection, id, flags)));
};

const handling = (attention: Command, name: string, description: string): Command =>
  attention
    .command(name)
    .description(description)
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; stored with the item')
    .option('--by <name>', 'who does it; stored with the item', userInfo().username)
    .option('--json', 'print the result as JSON');

const personOf = ({ by, reason }: Flags): Person => {
  const person = handledSchema.pick({ by: true, reason: true }).safeParse({ by, reason });
  if (!person.success) throw new CommandFailure('--by may have up to 64 characters, and --reason up to 500');
  return person.data;
};

const list = async ({ tables: { bookings } }: Connection, json: boolean): Promise<void> => {
  const { items, more } = await listWhatNeedsAPerson(bookings, { perShardMax });
  if (json) return printJson({ items, more });
  for (const { id, orderId, attention } of items)
    print(
      `${attention.since}  ${attention.kind.padEnd(18)}  ${id}  ${orderId ? `order ${orderId}` : 'no order'}  ${attention.why}`,
    );
  print(items.length === 0 ? 'Nothing needs a person' : `${items.length}${more ? ' and more' : ''} in all`);
  return undefined;
};

const show = async ({ tables: { bookings } }: Connection, id: string, json: boolean): Promise<void> => {
  const subject = await findSubject(bookings, id);
  if (!subject) throw new CommandFailure(handlingRefusals['not-found']);
  const { attention, handled = [] } = subject.item;
  if (json)
    return printJson({
      ...shown(subject),
      attention,
      ...(attention && { seen: markOf(attention) }),
      handled,
    });
  for (const [name, value] of Object.entries(shown(subject))) print(`${name.padEnd(10)}  ${String(value)}`);
  if (attention) for (const line of toldOf(attention)) print(line);
  else print('does not need a person');
  for (const { at, by, did, reason } of handled) print(`${at}  ${by}  ${did}: ${reason}`);
  return undefined;
};

const toldOf = ({ kind, why, since }: Attention): string[] => [
  `has needed a person since ${since}: ${kind} (${why})`,
  `  ${kindOfAttention(kind).meaning}`,
  `  ${kindOfAttention(kind).remedy}`,
  ...(endsWhenSettled(kind) ? [`  settle it with --seen ${markOf({ kind, why, since })}`] : []),
];

/** What staff needs to know, without personal data. */
const shown = (subject: Subject): Record<string, unknown> => {
  if (isOfOrder(subject)) return shownOfOrder(subject);
  if (subject.kind === 'message') {
    const { orderId, event, outcome, fate } = subject.item;
    return { message: subject.id, order: orderId, about: event, state: fate?.became ?? outcome };
  }
  if (subject.kind === 'use') {
    const { ticketId, reason, firstUse, ...use } = subject.item;
    return { ticket: ticketId, reason, used: usedBy(use), ...(firstUse && { before: usedBy(firstUse) }) };
  }
  return subject.kind === 'unreadable'
    ? { [subject.of]: subject.id, unreadable: subject.fields }
    : { [subject.kind]: subject.id };
};

const usedBy = ({ at, stopId, gateId }: Use): string => `${at} at the stop ${stopId} by the gate ${gateId}`;

type OfOrder = Extract<Subject, { kind: 'order' | 'payment' | 'refund' }>;

const isOfOrder = (subject: Subject): subject is OfOrder =>
  subject.kind === 'order' || subject.kind === 'payment' || subject.kind === 'refund';

const shownOfOrder = ({ kind, id, item }: OfOrder): Record<string, unknown> => ({
  [kind]: id,
  order: item.orderId,
  state: item.state,
  amount: `${toDecimal(item.amount)} ${item.amount.currency}`,
  ...(kind === 'payment' && {
    provider: item.provider,
    begun: item.createdAt,
    trade: isCaptured(item) ? item.providerTrade : '–',
    ...(isCaptured(item) && item.taken && { taken: `${toDecimal(item.taken)} ${item.taken.currency}` }),
  }),
  ...(kind === 'refund' && {
    payment: item.paymentId,
    reason: item.reason,
    requested: item.requestedAt,
    attempts: item.attempts,
    ...('settledBy' in item && item.settledBy && { settledBy: item.settledBy }),
  }),
});

const settleById = async ({ tables: { bookings } }: Connection, id: string, flags: Flags): Promise<void> => {
  const clock = systemClock();
  const providers = await paymentProviders({ clock, timeLeft: () => Infinity });
  const dependencies: RefundDependencies = { bookings, clock, findProvider: (name) => providers.get(name) };
  const outcome = await settle(dependencies)(id, personOf(flags), flags);
  if (outcome.outcome === 'rejected') throw new CommandFailure(handlingRefusals[outcome.reason]);
  if (flags.json) return printJson({ id, now: outcome.now });
  const lines = {
    'pay-by-hand': `${id} is in your hands, and the provider has not paid it: pay it, then settle it with --paid`,
    'pay-unconfirmed':
      `${id} is in your hands, and the provider has not answered whether it paid: if you know that it did not, ` +
      'pay it, then settle it with --paid',
    'given-back': `${id} is no longer in your hands: retry sends it again`,
    'closed-by-hand': `${id} is closed; we keep asking its provider for another thirty days`,
    settled: `${id} is settled`,
    'paid-twice': `${id} was paid twice: by you and by the provider. It stays on the list until you settle that`,
    'seen-to': `${id} no longer needs a person`,
  };
  print(lines[outcome.now]);
  return undefined;
};
