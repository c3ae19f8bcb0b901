import * as z from 'zod';
import { spelledPlainly } from './spelling.ts';

/** The rules for the numbers of one kind of document. */
export type NumberRule = {
  /**
   * Removes what a number may have besides its single spelling: brackets, an office. Without it, nothing is removed.
   */
  spell?: (typed: string) => string;
  /** What is wrong with a number in its single spelling, without repeating it; undefined if nothing is. */
  faultOf: (number: string) => string | undefined;
  /** The holder's day of birth, `YYYY-MM-DD`, if the number contains it. */
  birthDateIn?: (number: string) => string | undefined;
  /** The part that stays the same when the document is replaced; the whole number if the rule says nothing. */
  holderIn?: (number: string) => string;
  /** The number of characters that a mask shows at the beginning and at the end. */
  shown: readonly [first: number, last: number];
  /** For the API's description. */
  description: string;
  examples: [string, ...string[]];
};

/** Much more than a number needs, so that nobody can send us a book. */
export const typedMax = 64;

/**
 * Adds an issue that describes the fault and never repeats the number: messages end up in answers, logs and
 * screenshots.
 */
const complain = (context: z.core.ParsePayload<string>, message: string): void => {
  context.issues.push({ code: 'custom', message, input: undefined });
};

/** A number as people type it; parsing gives it its single spelling. */
export const numberSchema = ({ spell, faultOf, description, examples }: NumberRule) =>
  z
    .string()
    .max(typedMax, { abort: true })
    .overwrite((typed) => (spell ? spell(spelledPlainly(typed)) : spelledPlainly(typed)))
    .check((context) => {
      const fault = faultOf(context.value);
      if (fault) complain(context, fault);
    })
    .meta({ description, examples });
