import type { Refund } from '../../shared/payments/model.ts';
import type { AttentionKind } from '../../shared/bookings/attention.ts';
import type { Outcome } from '../../shared/platform/outcome.ts';
import { listWhatNeedsAPerson, retryAttention, settle } from '../../shared/upkeep/attention.ts';
import { findSubject, type Listed } from '../../shared/upkeep/find-subject.ts';
import type { Books } from './books.ts';
import type { Dependencies } from './dependencies.ts';
import type { Wrong } from './wrong.ts';
import type { Actor, Scheduler } from './scheduler.ts';

const commandSeconds = 300;
const perShardMax = 250;

type Deed = 'retry' | 'settle' | 'leave';

/** What a person may think right: not always what helps. */
const deeds: Readonly<Record<AttentionKind, readonly Deed[]>> = {
  'refund-declined': ['retry', 'settle', 'settle', 'leave'],
  'refund-unconfirmed': ['retry', 'settle', 'leave'],
  'refund-settling': ['settle', 'settle', 'retry'],
  'refund-paid-twice': ['settle', 'settle', 'retry'],
  'refund-surplus-returned': ['settle', 'settle', 'leave'],
  'payment-unclosed': ['retry', 'settle', 'leave'],
  'payment-unapplied': ['retry', 'settle', 'leave'],
  'amount-disputed': ['settle', 'settle', 'retry'],
  'workflow-died': ['settle', 'retry'],
  'run-gone': ['settle', 'settle', 'leave'],
  'mail-undelivered': ['settle', 'settle', 'leave'],
  'ticket-used-wrongly': ['settle', 'leave'],
  'bill-differs': ['settle', 'settle', 'leave'],
  'keeps-failing': ['retry', 'settle'],
};

type Options = {
  scheduler: Scheduler;
  dependenciesOf: (actor: Actor) => Dependencies;
  books: Books;
  wrong: Wrong[];
  failed: (name: string, error: unknown) => void;
  /** Whether nothing new happens any more: then whoever stays does what helps. */
  isQuiet: () => boolean;
  /** Whether they go on until nothing needs them; else what needs them at the end stays as it is. */
  stay: boolean;
};

/** Who does it, and what that person remembers: nobody pays one refund twice. */
type Desk = { by: string; paid: Set<string>; isThere: boolean };

/** Runs a command until it answers, but not for ever: it may die as any process may. */
const makeCommands = ({ scheduler, dependenciesOf, failed }: Options) => {
  const wait = (seconds: number): Promise<void> =>
    new Promise((resolve) => {
      scheduler.after(seconds * 1000, resolve);
    });
  return {
    wait,
    run: async <Answer>(
      name: string,
      work: (dependencies: Dependencies) => Promise<Answer>,
    ): Promise<Answer | undefined> => {
      for (let tries = 3; tries > 0; tries -= 1) {
        const result = await scheduler.invoke(name, commandSeconds, (actor) => work(dependenciesOf(actor)));
        if (result !== 'gone' && 'answer' in result) return result.answer;
        if (result !== 'gone') failed(name, result.error);
        await wait(scheduler.seed.spread(1, 120));
      }
      return undefined;
    },
  };
};

/** Pays a refund back by another way, as the commands tell it to: takes it in hand, pays, and says so. */
const makePaying = (options: Options) => {
  const { scheduler, books, wrong } = options;
  const { seed, note } = scheduler;
  const { run, wait } = makeCommands(options);

  const told = (what: string, outcome: Outcome<{ now?: string }, string> | undefined): void => {
    const answer = outcome?.outcome === 'accepted' ? outcome.now : outcome?.reason;
    note(`${what}: ${answer ?? 'no answer'}`);
  };

  /** What was paid is said until it is heard, whatever happens. */
  const say = async (id: string, { by }: Desk): Promise<void> => {
    for (;;) {
      await wait(seed.spread(1, 1800));
      const person = { by, reason: 'transferred' };
      const outcome = await run('settle-paid', (each) => settle(each)(id, person, { paid: true }));
      told(`${by} settles ${id}, paid`, outcome);
      if (outcome?.outcome === 'accepted') return;
      if (outcome && outcome.reason !== 'changed-meanwhile') {
        wrong.push({ rule: 'hand-payment-heard', what: `${by} paid ${id}, and was told ${outcome.reason}` });
        return;
      }
    }
  };

  return async (id: string, desk: Desk): Promise<void> => {
    const { by } = desk;
    const outcome = await run('settle', (each) => settle(each)(id, { by, reason: 'seen to' }));
    told(`${by} settles ${id}`, outcome);
    if (outcome?.outcome !== 'accepted' || outcome.now !== 'pay-by-hand') return;
    const subject = await run('show', ({ bookings }) => findSubject(bookings, id));
    if (subject?.kind !== 'refund') return;
    // The cause may be mended before anything was paid.
    if (!desk.paid.has(id) && seed.happens(0.1)) return giveBack(id, desk);
    if (!desk.paid.has(id)) await pay(subject.item, desk);
    await say(id, desk);
  };

  /** Said until it is heard: who does not know whether it is still in his hands pays nothing. */
  async function giveBack(id: string, { by }: Desk): Promise<void> {
    const person = { by, reason: 'not paid' };
    for (;;) {
      const outcome = await run('settle', (each) => settle(each)(id, person, { giveBack: true }));
      told(`${by} gives ${id} back`, outcome);
      if (outcome) return;
      await wait(seed.spread(1, 1800));
    }
  }

  async function pay(refund: Refund, { by, paid }: Desk): Promise<void> {
    paid.add(refund.refundNumber);
    // The provider changes its mind at the same time: what both have paid must not go unnoticed.
    if (seed.happens(0.5)) books.refunds.changeMind(refund, seed.spread(1, 4 * 3600));
    await wait(seed.spread(1, 1800));
    books.refunds.payByHand(refund, by);
  }
};

const visitSeconds = { often: 120, rarely: 3600 };

/** Operators with the command line. They come now and then, see what needs a person, and do something about it. */
export const makePersons = (options: Options) => {
  const { scheduler, isQuiet, stay } = options;
  const { seed, after } = scheduler;
  const { run } = makeCommands(options);
  const payBack = makePaying(options);
  const desks: Desk[] = ['zhang', 'wang'].map((by) => ({ by, paid: new Set(), isThere: false }));
  let busy = 0;

  const see = async ({ id, attention }: Listed, desk: Desk): Promise<void> => {
    const deed = isQuiet() ? 'settle' : seed.pick(deeds[attention.kind as AttentionKind]);
    const person = { by: desk.by, reason: attention.why.slice(0, 60) };
    if (deed === 'settle') await payBack(id, desk);
    if (deed !== 'retry') return;
    const outcome = await run('retry', (each) => retryAttention(each)(id, person));
    scheduler.note(`${desk.by} retries ${id}: ${outcome?.outcome ?? 'no answer'}`);
  };

  const visit = async (desk: Desk): Promise<void> => {
    const listed = await run('list', ({ bookings }) => listWhatNeedsAPerson(bookings, { perShardMax }));
    const mine = (listed?.items ?? []).filter(() => isQuiet() || seed.happens(0.7));
    for (const item of mine) await see(item, desk);
  };

  const come = async (desk: Desk): Promise<void> => {
    if (desk.isThere) return;
    desk.isThere = true;
    busy += 1;
    await visit(desk).catch((error: unknown) => options.failed('person', error));
    busy -= 1;
    desk.isThere = false;
  };
  /** Often the other comes in the same moment. */
  const next = async (desk: Desk): Promise<void> => {
    if (isQuiet() && !stay) return;
    const others = seed.happens(0.5) ? desks : [desk];
    await Promise.all(others.map(come));
    comeLater(desk);
  };
  const comeLater = (desk: Desk): void =>
    after(seed.spread(visitSeconds.often, visitSeconds.rarely) * 1000, () => void next(desk));

  return {
    stay,
    busy: () => busy,
    begin: (): void => {
      for (const desk of desks) comeLater(desk);
    },
  };
};
