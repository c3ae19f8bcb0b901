import * as z from 'zod';

/** Names in other languages than the feed's own, by BCP 47 tag. */
export const namesSchema = z.record(z.string(), z.string());
export type Names = z.infer<typeof namesSchema>;

/** A text that passengers read, with its translations if the feed has any. */
export const labelSchema = z.object({ text: z.string(), names: namesSchema.optional() });
export type Label = z.infer<typeof labelSchema>;

/** Two tags with the same key mean the same written language: `zh-CN`, `zh-Hans`; `de`, `de-AT`. */
const keys = new Map<string, string | undefined>();

const keyOf = (tag: string): string | undefined => {
  if (keys.has(tag)) return keys.get(tag);
  let key: string | undefined;
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    key = `${language}-${script}`;
  } catch {
    key = undefined;
  }
  // Clients choose the tags, so the memory must have an end.
  if (keys.size < 1000) keys.set(tag, key);
  return key;
};

/** BCP 47 tags in the order of preference, as a reader wants them. */
export type Languages = readonly string[];

/**
 * A name in the first wanted language that has one, or else as the feed writes it. `names` contains the feed's own
 * language too, if it is known, so that a reader of it gets no translation.
 */
export const nameIn = (languages: Languages, name: string, names: Names | undefined): string => {
  if (!names) return name;
  for (const wanted of languages) {
    const exact = Object.hasOwn(names, wanted) ? names[wanted] : undefined;
    if (exact !== undefined) return exact;
    const key = keyOf(wanted);
    const alike = key && Object.entries(names).find(([tag]) => keyOf(tag) === key);
    if (alike) return alike[1];
  }
  return name;
};
