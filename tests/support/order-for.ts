import { randomUUID } from 'node:crypto';
import type { SeatWishes } from '../../shared/inventory/model.ts';
import { person } from './person.ts';
import { classSchema, stopIdSchema, userIdSchema } from '../../shared/platform/ids.ts';
import { placeOrder } from '../../shared/selling/place-order.ts';
import type { Run } from '../../shared/timetable/model.ts';

export type OrderWish = {
  from?: number;
  to?: number;
  user?: string;
  key?: string;
  wishes?: SeatWishes;
  /** People without a seat, on the lap of the first passenger. */
  onLap?: number[];
  /** The stop where the passengers agree to change seats. */
  changeAt?: number;
};

const travellerOf = (n: number, type: string) => ({ name: `旅客${n}`, type, document: person(n) });

/** An order for these people over the given stretch, the whole run where none is given. */
export const orderFor = async (
  dependencies: Parameters<typeof placeOrder>[0],
  run: Run,
  people: number[],
  more: OrderWish = {},
) => {
  const { from = 0, to = run.stops.length - 1, user = `user-${people[0]}`, key = randomUUID() } = more;
  const userId = userIdSchema.parse(user);
  return placeOrder(dependencies)(
    {
      userId,
      runId: run.runId,
      from: stopIdSchema.parse(`S${from}`),
      to: stopIdSchema.parse(`S${to}`),
      class: classSchema.parse('second'),
      passengers: people.map((n, index) => ({
        ...travellerOf(n, 'adult'),
        ...(index === 0 && more.onLap && { onLap: more.onLap.map((held) => travellerOf(held, 'infant')) }),
      })),
      ...(more.changeAt !== undefined && { seatChange: { at: stopIdSchema.parse(`S${more.changeAt}`) } }),
      contact: { email: 'someone@example.com', locale: 'zh-CN' },
      wishes: more.wishes ?? {},
    },
    {
      scope: { userId, route: 'orders', key, bodyHash: JSON.stringify([run.runId, from, to, people]) },
      answer: ({ orderId }) => orderId,
    },
  );
};
