import Negotiator from 'negotiator';
import type { Languages } from '../../shared/platform/languages.ts';

/** The languages of `Accept-Language` in the order of preference. A client that takes any gets an empty list. */
export const readLanguages = (headers: Readonly<Record<string, string | undefined>>): Languages =>
  new Negotiator({ headers: { ...headers } }).languages().filter((tag) => tag !== '*');
