import { layoutsFileSchema, type LayoutsFile } from '../../shared/feeds/read-layouts.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';

/** A carrier with the usual deadlines. */
export const sampleCarrier: Carrier = {
  carrierId: 'sample',
  name: { en: 'Keyun Rail', 'zh-CN': '客运铁路' },
  currency: 'CNY',
  timeZone: 'Asia/Shanghai',
  locales: ['zh-CN', 'en'],
  defaultLocale: 'zh-CN',
  documents: { need: 'required', kinds: ['cn-resident-id', 'passport'] },
  passengerTypes: [
    { type: 'adult', name: { 'zh-CN': '成人', en: 'Adult' }, percentOfAdult: 100 },
    { type: 'child', name: { 'zh-CN': '儿童', en: 'Child' }, percentOfAdult: 50, ages: { from: 6, to: 13 } },
    {
      type: 'infant',
      name: { 'zh-CN': '婴儿', en: 'Infant' },
      percentOfAdult: 10,
      onlyWith: ['adult'],
      withoutSeat: true,
    },
  ],
  holdSeconds: 900,
  holdSecondsWhenSoon: 600,
  soonSeconds: 7200,
  saleClosesSeconds: 300,
  holdSecondsMin: 180,
  paymentNeedsSeconds: 90,
  closingGraceSeconds: 300,
  openOrdersMax: 10,
  endedOrdersPerDayMax: 3,
  seatsPerRunMax: 18,
  timeConflictsPerDayMax: 5,
  salesOpenDays: 15,
  personalDataKeptDays: 30,
  ordersKeptYears: 3,
  booksKeptYears: 30,
};

/** Its trips have two coaches of 40 seats, unless an operator's file says otherwise. */
export const sampleLayouts: LayoutsFile = layoutsFileSchema.parse({
  layouts: [
    {
      layoutId: 'standard',
      coaches: ['01', '02'].map((coach) => ({
        coach,
        class: 'standard',
        seats: { rows: 10, letters: 'ABCD', aisleAfter: 'B' },
      })),
    },
  ],
  assign: [{ layout: 'standard', default: true }],
});
