/**
 * The longest code that we draw. Aztec has room for some 1900 characters of base64url; a longer code takes seconds to
 * draw, and its symbol is too fine for a phone.
 */
export const codeLengthMax = 1536;
