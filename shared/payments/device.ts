/** The names by which browsers of phones and tablets tell what they are (source: their User-Agent headers). */
const phones = /\b(?:mobile|android|iphone|ipad|ipod|harmonyos|openharmony)\b/i;

/** Whether a passenger holds the device in the hand, so that a code on its own screen cannot be scanned. */
export const isPhone = (userAgent: string): boolean => phones.test(userAgent);
