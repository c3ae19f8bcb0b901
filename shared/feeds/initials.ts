/**
 * ICU's Chinese collation sorts characters by pinyin and contains marks that show where each letter of an index begins
 * (source: CLDR, "index characters", U+FDD0). They save a dictionary of several megabytes. A character with several
 * readings gets the usual one, so 重庆 needs the column `stop_initials`.
 */
const letters = [...'ABCDEFGHJKLMNOPQRSTWXYZ'];
const han = /^\p{Script=Han}$/u;

let byPinyin: Intl.Collator | undefined;

const initialOf = (character: string): string => {
  if (!han.test(character)) return /^[A-Za-z0-9]$/.test(character) ? character.toUpperCase() : '';
  byPinyin ??= new Intl.Collator('zh-u-co-pinyin');
  const collator = byPinyin;
  return letters.findLast((letter) => collator.compare(`\u{FDD0}${letter}`, character) <= 0) ?? '';
};

/** `北京南` → `BJN`; undefined for names without Chinese characters. */
export const pinyinInitials = (name: string): string | undefined => {
  const characters = [...name];
  if (!characters.some((character) => han.test(character))) return undefined;
  return characters.map(initialOf).join('') || undefined;
};
