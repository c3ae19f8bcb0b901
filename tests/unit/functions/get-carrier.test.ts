import { handler } from '../../../functions/api/about/get-carrier.ts';
import { aboutRoutes } from '../../../functions/routes/about.ts';
import { carrierSchema } from '../../../shared/platform/carrier.ts';
import { send } from './api-request.ts';

test('GET /v1/carrier tells what an app needs of the carrier, and may be cached', async () => {
  const { status, headers, body } = await send(handler);
  expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=3600, stale-if-error=0']);
  expect(body).toMatchObject({
    carrierId: 'cn-rail',
    name: { 'zh-CN': '客运铁路', en: 'Keyun Rail' },
    locales: ['zh-CN', 'en'],
    defaultLocale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    currency: 'CNY',
    salesOpenDays: 15,
    holdSeconds: 900,
    documents: { need: 'required', kinds: expect.arrayContaining(['cn-resident-id', 'passport']) },
  });
  expect(body['passengerTypes']).toContainEqual({
    type: 'child',
    name: { 'zh-CN': '儿童', en: 'Child' },
    percentOfAdult: 50,
    ages: { to: 13 },
    onlyWith: ['adult', 'senior'],
  });
});

test('limits against misuse, texts and the logo stay with us', () => {
  const told = Object.keys(aboutRoutes.getCarrier.success.body!.shape);
  const kept = Object.keys(carrierSchema.shape).filter((field) => !told.includes(field));
  expect(kept).toEqual([
    'holdSecondsMin',
    'paymentNeedsSeconds',
    'closingGraceSeconds',
    'openOrdersMax',
    'endedOrdersPerDayMax',
    'seatsPerRunMax',
    'timeConflictsPerDayMax',
    'alternatives',
    'personalDataKeptDays',
    'ordersKeptYears',
    'booksKeptYears',
    'afterSale',
    'texts',
    'logo',
  ]);
});
