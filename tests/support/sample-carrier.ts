import type { Carrier } from '../../shared/platform/carrier.ts';

/** A carrier with the usual deadlines. */
export const sampleCarrier: Carrier = {
  name: { en: 'Keyun Rail', 'zh-CN': '客运铁路' },
  currency: 'CNY',
  timeZone: 'Asia/Shanghai',
  locale: 'zh-CN',
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
  documentRequired: true,
  salesOpenDays: 15,
  personalDataKeptDays: 30,
  ordersKeptYears: 3,
  booksKeptYears: 30,
};
