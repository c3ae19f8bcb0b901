/**
 * Check digits of identity documents. They catch a typing error, not a forger: a correct check digit proves nothing.
 */

const residentIdWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const residentIdChecks = '10X98765432';

/**
 * The 18th character that belongs to the first 17 digits of a resident identity number.
 * Source: GB 11643-1999, which takes ISO 7064 MOD 11-2; the weights are 2^(17-i) mod 11.
 */
export const residentIdCheck = (first17: string): string => {
  const sum = residentIdWeights.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return residentIdChecks.charAt(sum % 11);
};

/** `0`–`9` count as themselves, `A`–`Z` as 10–35, the filler `<` as 0 (ICAO 9303-3, 4.9). */
const travelDocumentValue = (character: string): number =>
  character === '<' ? 0 : Number.parseInt(character, 36);

/** The check digit of a field of a machine readable travel document: weights 7, 3, 1 in turn, modulo 10 (ICAO 9303-3, 4.9). */
export const travelDocumentCheck = (field: string): string => {
  const weights = [7, 3, 1];
  const sum = [...field].reduce(
    (total, character, index) => total + travelDocumentValue(character) * (weights[index % 3] ?? 0),
    0,
  );
  return String(sum % 10);
};
