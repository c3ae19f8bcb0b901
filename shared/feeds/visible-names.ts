import { inkOf, readable } from '../platform/visible-text.ts';

/** Letters, digits, signs: anything that leaves ink. A combining mark alone does not count, nor do Hangul fillers. */
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A name as people can read it: blanks in one piece, nothing unseen; empty where no character can be seen. */
export const nameOf = (text: string): string => {
  const name = readable(text);
  return visible.test(inkOf(name)) ? name : '';
};

/** Names stand in mails, calendars, tickets and messages to phones, and in every order. */
export const nameLengthMax = 200;

export const isName = (name: string): boolean => name !== '' && name.length <= nameLengthMax;
