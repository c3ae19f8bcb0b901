import type * as z from 'zod';

type Issue = z.core.$ZodRawIssue;

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a string',
};

const formats: Readonly<Record<string, string>> = {
  date: 'a date such as 2026-12-01',
  email: 'an e-mail address',
  url: 'a web address',
};

const listOf = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;

/** What a limit counts: characters of a string, items of a list; of a number, nothing. */
const counted = (origin: string, limit: number | bigint): string => {
  if (origin === 'string') return ` character${limit === 1 ? '' : 's'}`;
  if (origin === 'array') return ` item${limit === 1 ? '' : 's'}`;
  return '';
};

const verbFor = (origin: string): string => (origin === 'string' || origin === 'array' ? 'have' : 'be');

const smallest = ({ origin, minimum, inclusive }: Extract<Issue, { code: 'too_small' }>): string =>
  `must ${verbFor(origin)} ${inclusive ? 'at least' : 'more than'} ${minimum}${counted(origin, minimum)}`;

const largest = ({ origin, maximum, inclusive }: Extract<Issue, { code: 'too_big' }>): string =>
  `must ${verbFor(origin)} ${inclusive ? 'at most' : 'less than'} ${maximum}${counted(origin, maximum)}`;

/**
 * What is wrong with a field, as the rest of a sentence that begins with its name: `must be a whole number`. A schema's
 * own message comes before it, and zod's message remains where this has none.
 */
export const fieldMessage = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected in kinds ? `must be ${kinds[issue.expected]}` : undefined;
    case 'invalid_value':
      return `must be ${listOf(issue.values)}`;
    case 'invalid_union':
      return Array.isArray(issue['options']) ? `must be ${listOf(issue['options'])}` : undefined;
    case 'invalid_format':
      return issue.format in formats ? `must be ${formats[issue.format]}` : 'has the wrong format';
    case 'too_small':
      return smallest(issue);
    case 'too_big':
      return largest(issue);
    default:
      return undefined;
  }
};
