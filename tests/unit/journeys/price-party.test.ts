import { decideTypes, priceParty } from '../../../shared/journeys/price-party.ts';
import { classSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { passengerTypeSchema } from '../../../shared/platform/passenger-types.ts';

const carrier = {
  passengerTypes: [
    { type: 'adult', percentOfAdult: 100 },
    { type: 'child', percentOfAdult: 50, onlyWith: ['adult'], perCompanion: 1 },
    { type: 'guest', percentOfAdult: 0, reducedIn: { dates: [{ from: '06-01', to: '06-01' }] } },
  ].map((type) => passengerTypeSchema.parse({ ...type, name: {} })),
};
const journeyAt = (departs: string, amount: number | undefined = 5531) => ({
  runId: 'G1',
  from: { departs },
  classes: [{ class: classSchema.parse('second'), fare: amount === undefined ? null : money(amount, 'CNY') }],
});
const priced = (party: string[], journey = journeyAt('2027-05-31T23:59:59+08:00')) =>
  priceParty([journey], party, carrier)[0]?.classes[0];

test('each type has its fare, and the party the sum of all, rounded one by one', () => {
  expect(priced(['adult', 'child', 'adult', 'child'])).toEqual({
    class: 'second',
    fare: money(5531, 'CNY'),
    fares: [
      { type: 'adult', fare: money(5531, 'CNY') },
      { type: 'child', fare: money(2766, 'CNY') },
    ],
    total: money(2 * (5531 + 2766), 'CNY'),
  });
});

test.each([
  ['2027-05-31T23:59:59+08:00', 5531],
  ['2027-06-01T00:00:00+08:00', 0],
  ['2027-06-01T23:59:59-07:00', 0],
  ['2027-06-02T00:00:00-07:00', 5531],
])('the day is that of the stop: %s', (departs, guest) => {
  expect(priced(['adult', 'guest'], journeyAt(departs))?.total).toEqual(money(5531 + guest, 'CNY'));
});

test('what nobody can buy has no price: without a fare, and where nobody pays', () => {
  const nothing = { fares: null, total: null };
  expect(priced(['adult'], { ...journeyAt('2027-05-31T08:00:00+08:00'), classes: [] })).toBeUndefined();
  expect(
    priceParty([{ ...journeyAt('2027-06-01T08:00:00+08:00') }], ['guest'], carrier)[0]?.classes[0],
  ).toMatchObject(nothing);
  const unpriced = {
    from: { departs: '2027-06-02T08:00:00+08:00' },
    classes: [{ class: classSchema.parse('second'), fare: null }],
  };
  expect(priceParty([unpriced], ['adult'], carrier)[0]?.classes[0]).toMatchObject(nothing);
});

test.each([
  [['adult', 'child'], undefined],
  [['child', 'adult'], undefined],
  [['child'], 'unaccompanied'],
  [['adult', 'child', 'child'], 'too-few-companions'],
  [['adult', 'pirate'], 'unknown-passenger-type'],
])('%j: %s', (party, reason) => {
  const decided = decideTypes(party, carrier);
  expect(decided.outcome === 'rejected' ? decided.reason : undefined).toBe(reason);
});
