import { groupsOf, specialAmong } from '../inventory/seating.ts';
import type { Place, SeatWishes } from '../inventory/model.ts';
import type { CommittedOrder } from '../orders/model.ts';
import { itemIdSchema, type Class, type ItemId } from '../platform/ids.ts';
import type { Layout } from '../timetable/model.ts';

type Held = { layout: Layout; class: Class; places: readonly Place[]; wishes: SeatWishes };

const itemAt = (index: number): ItemId => itemIdSchema.parse(String(index + 1));

/** What an order says about how its party sits; nothing about one passenger who needs no special seat. */
export const seatingOf = ({ layout, class: cls, places, wishes }: Held): Pick<CommittedOrder, 'seating'> => {
  if (places.length === 1 && !wishes.specialNeeds) return {};
  return {
    seating: {
      groups: groupsOf(layout, cls, places).map((group) => group.map(itemAt)),
      ...(wishes.specialNeeds && { specialNeeds: specialAmong(layout, cls, places).map(itemAt) }),
    },
  };
};
