import { giveRefund } from '../../shared/paying/give-refund.ts';
import { nameOfGrant } from '../../shared/paying/name-of-grant.ts';
import { orderIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import type { Money } from '../../shared/platform/money.ts';
import type { Dependencies } from './dependencies.ts';
import type { Mirror } from './mirror.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { Wrong } from './wrong.ts';

const commandSeconds = 300;

type Options = {
  scheduler: Scheduler;
  dependenciesOf: (actor: Actor) => Dependencies;
  mirror: Mirror;
  failed: (name: string, error: unknown) => void;
  isQuiet: () => boolean;
};

type Asked = { orderId: OrderId; amount: Money; key: string };

/** A few minor units, some of the price, all of it, or more. */
const drawAmount = ({ seed }: Scheduler, { amount, currency }: Money): Money => {
  const share = seed.pick([0, 0.3, 0.6, 1, 1.2]);
  return { amount: Math.max(seed.whole(1, 9), Math.floor(share * amount)), currency };
};

/**
 * An operator who gives money of issued orders back: now and then, often a second time with the same key or with
 * another, at once or later, so that refunds of one payment race with each other.
 */
export const makeGrants = ({ scheduler, dependenciesOf, mirror, failed, isQuiet }: Options) => {
  const { seed, after, invoke, note } = scheduler;
  const promised = new Map<string, Asked>();
  let busy = 0;
  let asked = 0;

  const give = async (grant: Asked): Promise<void> => {
    const { orderId, amount, key } = grant;
    busy += 1;
    const result = await invoke('give', commandSeconds, (actor) =>
      giveRefund(dependenciesOf(actor))(orderId, {
        amount,
        person: { by: 'li', reason: 'goodwill' },
        name: nameOfGrant(key),
      }),
    );
    busy -= 1;
    if (result !== 'gone' && 'error' in result) failed('give', result.error);
    const answer = result !== 'gone' && 'answer' in result ? result.answer : undefined;
    const told = answer?.outcome === 'rejected' ? answer.reason : (answer?.now ?? 'no answer');
    note(`li gives ${amount.amount} of ${orderId} by ${key}: ${told}`);
    if (answer?.outcome === 'accepted') promised.set(key, grant);
  };
  const giveSome = (): void => {
    const issued = [...mirror.bookings.values()].flatMap((items) => {
      const order = items.get('ORDER');
      return order?.['state'] === 'issued' ? [order] : [];
    });
    if (issued.length === 0) return;
    const order = seed.pick(issued);
    const orderId = orderIdSchema.parse(order['orderId']);
    const grant = (): Asked => ({
      orderId,
      amount: drawAmount(scheduler, order['amount'] as Money),
      key: `grant-${(asked += 1)}`,
    });
    const first = grant();
    void give(first);
    if (seed.happens(0.4))
      after(seed.spread(1, 600_000), () => void give(seed.happens(0.5) ? first : grant()));
  };
  const next = (): void => {
    if (isQuiet()) return;
    giveSome();
    after(seed.spread(20_000, 900_000), next);
  };

  return {
    busy: () => busy,
    begin: (): void => after(seed.spread(60_000, 900_000), next),
    /** What was promised goes back, to the last minor unit, and once. */
    check: (): Wrong[] =>
      [...promised].flatMap(([key, { orderId, amount }]) => {
        const items = [...(mirror.bookings.get(`ORDER#${orderId}`)?.entries() ?? [])];
        const parts = items.flatMap(([sk, refund]) =>
          sk.startsWith('REFUND#') && sk.endsWith(`_${nameOfGrant(key)}`) ? [refund['amount'] as Money] : [],
        );
        const sum = parts.reduce((total, part) => total + part.amount, 0);
        return sum === amount.amount
          ? []
          : [
              {
                rule: 'grant-kept',
                what: `${amount.amount} of ${orderId} was promised, and ${sum} goes back`,
              },
            ];
      }),
  };
};
