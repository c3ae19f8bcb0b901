import type { ServiceDate } from '../../shared/platform/ids.ts';
import type { OrderRequest } from '../../shared/selling/draft-order.ts';
import { isBornBy } from '../../shared/users/document.ts';
import type { FieldError } from '../middleware/problems.ts';

const unbornFault = (
  { document }: OrderRequest['passengers'][number],
  path: string,
  today: ServiceDate,
): FieldError[] =>
  document && !isBornBy(document, today)
    ? [{ field: `${path}.document.number`, message: 'contains a date of birth in the future' }]
    : [];

/** The passengers, and people on their laps, whose documents say that they are not born yet. */
export const unbornPassengers = (passengers: OrderRequest['passengers'], today: ServiceDate): FieldError[] =>
  passengers.flatMap((passenger, index) => [
    ...unbornFault(passenger, `passengers[${index}]`, today),
    ...(passenger.onLap ?? []).flatMap((person, at) =>
      unbornFault(person, `passengers[${index}].onLap[${at}]`, today),
    ),
  ]);
