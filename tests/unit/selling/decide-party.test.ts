import { carrierSchema } from '../../../shared/platform/carrier.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { blamedPath, refusalOfParty } from '../../../shared/selling/decide-party.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';

/** Children from 6 to 13 pay half; infants come with an adult. */
const carrier = {
  ...sampleCarrier,
  documents: carrierSchema.shape.documents.parse({ need: 'optional', kinds: ['cn-resident-id'] }),
  passengerTypes: carrierSchema.shape.passengerTypes.parse([
    { type: 'adult', name: {}, percentOfAdult: 100 },
    { type: 'child', name: {}, percentOfAdult: 50, ages: { from: 6, to: 13 } },
    { type: 'infant', name: {}, percentOfAdult: 0, ages: { to: 1 }, onlyWith: ['adult'], perCompanion: 1 },
    { type: 'lap', name: {}, percentOfAdult: 0, ages: { to: 8 }, onlyWith: ['adult'], withoutSeat: true },
    { type: 'proven', name: {}, percentOfAdult: 50, ages: { to: 13 }, agesByDocument: true },
  ]),
};
const day = (text: string) => serviceDateSchema.parse(text);

/** Born on 29 February 2020. */
const leapChild = { kind: 'cn-resident-id' as const, number: '110105202002290019' };
const passport = { kind: 'passport' as const, number: 'C01X00T47', country: 'DEU' };
const traveller = (type: string, document?: typeof leapChild | typeof passport) => ({
  name: 'X',
  type,
  document,
});
const contact = { email: 'someone@example.com' };

const decide = (passengers: ReturnType<typeof traveller>[], terms: object = {}, on = '2026-12-01') =>
  refusalOfParty({ passengers, contact }, { ...carrier, ...terms }, day(on));
const refusal = (...asked: Parameters<typeof decide>) => decide(...asked)?.reason;

describe('a party', () => {
  test('is sold to on the carrier’s terms', () => {
    expect(refusal([traveller('adult'), traveller('infant'), traveller('child', leapChild)])).toBeUndefined();
  });

  test('has only passengers of types that the carrier sells', () => {
    const decided = decide([traveller('adult'), traveller('student')]);
    expect(decided).toEqual({ outcome: 'rejected', reason: 'unknown-passenger-type', passenger: 1 });
    expect(blamedPath(decided!)).toBe('[1]');
  });

  test('has the company that a type needs', () => {
    expect(refusal([traveller('infant'), traveller('child')])).toBe('unaccompanied');
  });

  test('has no more of a type than those who travel along may have', () => {
    const [adult, infant] = [traveller('adult'), traveller('infant')];
    expect(refusal([infant, adult, adult, infant])).toBeUndefined();
    expect(decide([adult, infant, infant])).toEqual({
      outcome: 'rejected',
      reason: 'too-few-companions',
      passenger: 2,
    });
  });

  describe('with people on laps', () => {
    const held = (...onLap: ReturnType<typeof traveller>[]) => ({ ...traveller('adult'), onLap });
    test.each<[string, ReturnType<typeof traveller>[], string, string]>([
      ['one who has no seat must be on a lap', [traveller('adult'), traveller('lap')], 'has-no-seat', '[1]'],
      ['one who needs a seat cannot', [held(traveller('child'))], 'not-on-lap', '[0]'],
      [
        'one of a type that is not sold cannot',
        [held(traveller('pirate'))],
        'unknown-passenger-type',
        '[0].onLap[0]',
      ],
      [
        'on that of somebody else',
        [{ ...traveller('child'), onLap: [traveller('lap')] } as ReturnType<typeof traveller>],
        'not-on-lap',
        '[0]',
      ],
      ['two where one may be', [held(traveller('lap'), traveller('lap'))], 'not-on-lap', '[0]'],
      [
        'of another age',
        [traveller('adult'), held(traveller('lap', { ...leapChild, number: '110105199001010017' }))],
        'age-not-of-type',
        '[1].onLap[0]',
      ],
    ])('%s', (_, passengers, reason, path) => {
      const decided = decide(passengers);
      expect([decided?.reason, blamedPath(decided ?? {})]).toEqual([reason, path]);
    });

    test('each adult may hold one', () => {
      expect(refusal([held(traveller('lap')), held(traveller('lap', leapChild))])).toBeUndefined();
    });
  });

  test('proves an age by a document where a type needs that', () => {
    const documents = { need: 'optional', kinds: ['cn-resident-id', 'passport'] };
    const told = (document?: typeof leapChild | typeof passport, on?: string) =>
      refusal([traveller('proven', document)], { documents }, on);
    expect(told(leapChild)).toBeUndefined();
    expect([told(), told(passport)]).toEqual(['age-not-proven', 'age-not-proven']);
    expect(told(leapChild, '2034-03-01')).toBe('age-not-of-type');
  });

  test.each<[string, object, object | undefined, string | undefined]>([
    ['required and missing', { need: 'required', kinds: ['passport'] }, undefined, 'document-missing'],
    ['required and there', { need: 'required', kinds: ['passport'] }, passport, undefined],
    ['optional and missing', { need: 'optional', kinds: ['passport'] }, undefined, undefined],
    [
      'of a kind that is not taken',
      { need: 'optional', kinds: ['cn-resident-id'] },
      passport,
      'document-kind-not-taken',
    ],
    ['not asked for and there', { need: 'not-asked', kinds: [] }, passport, 'document-not-asked'],
    ['not asked for and missing', { need: 'not-asked', kinds: [] }, undefined, undefined],
  ])('has documents as the carrier asks: %s', (_, documents, document, expected) => {
    expect(refusal([traveller('adult', document as typeof passport)], { documents })).toBe(expected);
  });

  test.each([
    ['2026-02-28', 'age-not-of-type'],
    ['2026-03-01', undefined],
    ['2034-02-28', undefined],
    ['2034-03-01', 'age-not-of-type'],
  ])('is of age on the day of departure, where a document tells it: %s', (on, expected) => {
    expect(refusal([traveller('child', leapChild)], {}, on)).toBe(expected);
  });

  test('is believed about its age where no document tells it', () => {
    const terms = { documents: { need: 'optional', kinds: ['passport'] } };
    expect(refusal([traveller('child', passport)], terms)).toBeUndefined();
  });

  test('is spoken to in a language of the carrier', () => {
    const asked = (locale: 'de' | 'en') =>
      refusalOfParty(
        { passengers: [traveller('adult')], contact: { ...contact, locale } },
        carrier,
        day('2026-12-01'),
      )?.reason;
    expect([asked('en'), asked('de')]).toEqual([undefined, 'unknown-locale']);
  });
});
