/** What a name is made of: no digit is (ICAO Doc 9303, part 3, 4.6), and no sign of an address or a link. */
const notOfAName = /[^\p{L}\p{M}\s\p{Join_Control}.'’·•‧・()-]+/gu;

/** A dot within a word: `evil.example` would become a link in most mail readers, `J.R. Tolkien` needs none of it. */
const dotWithin = /\.(?=[^\s)])/g;

/**
 * A name as a message shows it. Whoever typed it may have typed an address instead, and the reader trusts the sender of
 * the message: nothing of it may become a link, an address or a telephone number, in HTML, in plain text or in a
 * calendar.
 */
export const shownName = (name: string): string =>
  name.normalize('NFKC').replace(notOfAName, ' ').replace(dotWithin, '. ').replaceAll(/\s+/g, ' ').trim() ||
  '—';
