import { localDateOf, plusDays, plusSeconds, startOfDay } from '../platform/time.ts';
import type { ProviderBills } from './bill.ts';

/** The days of a zone, whose bills are ready so many hours after they end. */
export const billDays = (
  timeZone: string,
  readyAfterHours: number,
): Pick<ProviderBills, 'dayOf' | 'span' | 'readyAt'> => {
  const endOf: ProviderBills['readyAt'] = (date) => startOfDay(plusDays(date, 1), timeZone);
  return {
    dayOf: (at) => localDateOf(at, timeZone),
    span: (date) => ({ from: startOfDay(date, timeZone), until: endOf(date) }),
    readyAt: (date) => plusSeconds(endOf(date), readyAfterHours * 3600),
  };
};
