import { nameOf } from '../../../shared/feeds/visible-names.ts';

describe('the name of a thing', () => {
  test.each([
    ['Gleis 9¾', 'Gleis 9¾'],
    ['7', '7'],
    ['·', '·'],
    ['A\ufeffB', 'AB'],
    ['A\u3164B', 'A B'],
    ['A \u00ad B\nC', 'A B C'],
  ])('%j is %j', (text, name) => {
    expect(nameOf(text)).toBe(name);
  });

  test.each(['\u200b', '\u3164', '\u17b4', '\u0301', '\u2800', ''])('%j is none', (text) => {
    expect(nameOf(text)).toBe('');
  });
});
