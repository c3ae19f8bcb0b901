import type { Names } from '../platform/languages.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';
import { isName, nameLengthMax, nameOf } from './visible-names.ts';

const file = 'translations.txt';
/** No column is required: the older form has `trans_id`, `lang`, `translation`, the newer one names table and field. */
export const translationsTable = { file, required: ['translation'] };

/** The translations of one field: of a record by its id, or of every record with a text. */
type FieldNames = { byRecord: ReadonlyMap<string, Names>; byText: ReadonlyMap<string, Names> };

export type Translations = {
  isEmpty: boolean;
  /** The names of a text in a field of a record, by language; undefined if there are none. */
  of: (field: Field, recordId: string | undefined, text: string) => Names | undefined;
};

/** The fields that passengers see. Translations of other fields have no effect. */
const fields = [
  'stops.stop_name',
  'trips.trip_headsign',
  'trips.trip_short_name',
  'routes.route_short_name',
  'routes.route_long_name',
  'stop_times.stop_headsign',
] as const;
type Field = (typeof fields)[number];
const shown: ReadonlySet<string> = new Set(fields);

/** In the older form any field can contain the `trans_id` in place of a text. */
const anyField = '*';

/** Tags for private use have any length; this one holds all that have a meaning (RFC 5646, 4.4.1). */
const tagLengthMax = 35;

/** Everybody who reads a name reads it in all languages, and so does every order. No feed has as many. */
const languagesMax = 20;

/** The canonical BCP 47 tag, such as `zh-Hans`; undefined for anything else. */
const languageOf = (text: string): string | undefined => {
  if (text.length > tagLengthMax) return undefined;
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
};

/** `mul` means that the feed mixes languages. */
export const feedLanguageOf = (text: string): string | undefined => {
  const tag = languageOf(text);
  return tag === 'mul' ? undefined : tag;
};

const fieldOf = ({ text }: Row): string =>
  text('table_name') === '' ? anyField : `${text('table_name')}.${text('field_name')}`;

const faultOfName = (name: string): string | undefined => {
  if (isName(name)) return undefined;
  return name === '' ? 'translation is empty' : `translation has more than ${nameLengthMax} characters`;
};

/** Reads translations.txt in both its forms. */
export const translationReader = (problems: ProblemList) => {
  const byField = new Map<string, { byRecord: Map<string, Names>; byText: Map<string, Names> }>();
  const languages = new Set<string>();
  const onRow = (row: Row): void => {
    const { line, text } = row;
    const field = fieldOf(row);
    if (field !== anyField && !shown.has(field)) return;
    const tag = text('language') || text('lang');
    const language = languageOf(tag);
    if (!language) {
      const reason = `language ${tag} is not a BCP 47 tag, such as de or zh-Hans`;
      return problems.leaveOut('row', undefined, { kind: 'unknown-language', file, line, reason });
    }
    if (!languages.has(language) && languages.size === languagesMax) {
      const reason = `language ${tag} is one more than the ${languagesMax} that a feed can have`;
      return problems.leaveOut('row', undefined, { kind: 'too-many-languages', file, line, reason });
    }
    languages.add(language);
    const name = nameOf(text('translation'));
    const [recordId, value] = [text('record_id'), nameOf(text('field_value') || text('trans_id'))];
    const isOfNothing = recordId === '' && value === '';
    const reason =
      faultOfName(name) ?? (isOfNothing ? 'names neither a record nor a text to translate' : undefined);
    if (reason) return problems.leaveOut('row', undefined, { kind: 'no-translation', file, line, reason });
    const ofField = byField.get(field) ?? {
      byRecord: new Map<string, Names>(),
      byText: new Map<string, Names>(),
    };
    byField.set(field, ofField);
    const [names, key] = recordId === '' ? [ofField.byText, value] : [ofField.byRecord, recordId];
    names.set(key, { ...names.get(key), [language]: name });
  };
  return { onRow, finish: (own: string | undefined) => translationsOf(byField, own) };
};

/** `own` is the feed's language: its name joins the others, so that its readers get it. */
const translationsOf = (byField: ReadonlyMap<string, FieldNames>, own: string | undefined): Translations => {
  const of = (field: Field, recordId: string | undefined, text: string): Names | undefined => {
    const ofField = byField.get(field);
    const found = {
      ...byField.get(anyField)?.byText.get(text),
      ...ofField?.byText.get(text),
      ...(recordId !== undefined && ofField?.byRecord.get(recordId)),
    };
    if (text === '' || Object.keys(found).length === 0) return undefined;
    return own ? { [own]: text, ...found } : found;
  };
  return { isEmpty: byField.size === 0, of };
};
