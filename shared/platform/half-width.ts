/** The full-width forms that Chinese and Japanese keyboards type, such as `Ａ` and `１`; each has its ASCII character. */
const fullWidth = /[\u{FF01}-\u{FF5E}]/gu;
const fullWidthOffset = 0xfee0;

/** Full-width forms as ASCII: `ａ＠ｂ` → `a@b`. Everything else stays as it is. */
export const halfWidth = (text: string): string =>
  text.replaceAll(fullWidth, (character) => String.fromCharCode(character.charCodeAt(0) - fullWidthOffset));
