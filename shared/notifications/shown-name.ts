/** The characters that no name contains: digits (ICAO Doc 9303, part 3, 4.6) and the signs of an address or a link. */
const notOfAName = /[^\p{L}\p{M}\s\p{Join_Control}.'’·•‧・()-]+/gu;

/** A dot within a word: most mail readers make `evil.example` a link, and `J.R. Tolkien` does not need the dot. */
const dotWithin = /\.(?=[^\s)])/g;

/**
 * A name as a message shows it. Somebody may have typed an address instead of a name, and the reader trusts the sender
 * of the message: no part of it may become a link, an address or a telephone number in HTML, plain text or a calendar.
 */
export const shownName = (name: string): string =>
  name.normalize('NFKC').replace(notOfAName, ' ').replace(dotWithin, '. ').replaceAll(/\s+/g, ' ').trim() ||
  '—';
