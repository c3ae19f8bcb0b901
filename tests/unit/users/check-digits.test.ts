import { residentIdCheck, travelDocumentCheck } from '../../../shared/users/check-digits.ts';

/** Worked out with the other form of the algorithm: double and add, digit by digit (ISO 7064, "pure system method"). */
const residentIds = [
  '11010519491231002X',
  '440306199202294527',
  '310104198511073333',
  '810000199901010014',
  '51012320000229007X',
  '650102190012311236',
  '110101197001011238',
];

describe('the check digit of a resident identity number', () => {
  test.each(residentIds)('%s is right', (number) => {
    expect(residentIdCheck(number.slice(0, 17))).toBe(number.charAt(17));
  });

  test('finds every single wrong digit', () => {
    const number = '44030619920229452';
    for (let place = 0; place < 17; place += 1) {
      for (const digit of '0123456789') {
        if (digit === number.charAt(place)) continue;
        const slipped = number.slice(0, place) + digit + number.slice(place + 1);
        expect(residentIdCheck(slipped)).not.toBe('7');
      }
    }
  });

  test('finds every two neighbours that changed places', () => {
    const number = '44030619920229452';
    for (let place = 0; place < 16; place += 1) {
      const [left, right] = [number.charAt(place), number.charAt(place + 1)];
      if (left === right) continue;
      const swapped = number.slice(0, place) + right + left + number.slice(place + 2);
      expect(residentIdCheck(swapped)).not.toBe('7');
    }
  });
});

describe('the check digit of a travel document', () => {
  test.each([
    // The first two are the worked examples of ICAO 9303-3, 4.9.
    ['520727', '3'],
    ['AB2134<<<', '5'],
    ['L898902C3', '6'],
    ['C01X00T47', '8'],
    ['XK7301225', '5'],
    ['EJ29571<<', '9'],
  ])('of %s is %s', (field, check) => {
    expect(travelDocumentCheck(field)).toBe(check);
  });
});
