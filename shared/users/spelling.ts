import { halfWidth } from '../platform/half-width.ts';

/** Blanks, invisible characters that copying brings along, hyphens and dashes: people group numbers with them. */
const groups = /[\s\p{Z}\p{Cf}\p{Pd}\u{2212}]/gu;

/**
 * The one spelling of a document's number or code: ASCII where a full-width form was typed, without blanks and hyphens,
 * in capitals. `ｅ１２３４-5678 ` → `E12345678`. It changes only ASCII letters: others look like a letter when capitalised
 * (`ſ` → `S`), and no document has them.
 */
export const spelledPlainly = (text: string): string =>
  halfWidth(text)
    .replaceAll(groups, '')
    .replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
