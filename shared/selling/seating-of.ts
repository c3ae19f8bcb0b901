import { groupsOf, specialAmong } from '../inventory/seating.ts';
import type { SeatWishes } from '../inventory/model.ts';
import type { CommittedOrder, OrderItem } from '../orders/model.ts';
import type { Class, ItemId } from '../platform/ids.ts';
import type { Layout } from '../timetable/model.ts';

type Held = {
  layout: Layout;
  class: Class;
  /** They keep their numbers in an exchange, so these do not count from 1. */
  items: readonly Pick<OrderItem, 'itemId' | 'place'>[];
  wishes: SeatWishes;
};

/** What an order says about how its party sits; nothing about one passenger who needs no special seat. */
export const seatingOf = ({ layout, class: cls, items, wishes }: Held): Pick<CommittedOrder, 'seating'> => {
  if (items.length === 1 && !wishes.specialNeeds) return {};
  const places = items.map(({ place }) => place);
  const named = (indexes: readonly number[]): ItemId[] =>
    indexes.flatMap((index) => items[index]?.itemId ?? []);
  return {
    seating: {
      groups: groupsOf(layout, cls, places).map(named),
      ...(wishes.specialNeeds && { specialNeeds: named(specialAmong(layout, cls, places)) }),
    },
  };
};
