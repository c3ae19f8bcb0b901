import { domainToASCII } from 'node:url';
import { halfWidth } from './half-width.ts';

/** The longest path of SMTP is 256 characters, brackets included (RFC 5321, 4.5.3.1). */
export const addressMax = 254;
const localMax = 64;

/** `atext` of RFC 5322, 3.2.3, in pieces with single dots between: `&`, `=`, `/`, `+` and `'` among them. */
const dotAtom = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

/** The characters of a typed domain: letters of any script, digits, hyphens, and the dots that IDNA accepts. */
const typedDomain = /^[\p{L}\p{M}\p{N}\-.\u{3002}\u{FF0E}\u{FF61}]+$/u;
/** Names of hosts, at least two; the last is not a number, because that would make an IP address. */
const hostName = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?!\d+$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])$/;

/** A domain in ASCII (IDNA 2008, UTS 46), in small letters; undefined if no mail can go there. */
const asciiDomain = (typed: string): string | undefined => {
  if (!typedDomain.test(typed)) return undefined;
  const ascii = domainToASCII(typed);
  return hostName.test(ascii) ? ascii : undefined;
};

export type ReadAddress = { address: string } | { fault: string };

/**
 * An e-mail address as mail servers take it, in its one spelling: the domain in ASCII and small letters (`用户` within a
 * domain becomes `xn--…`), the part before the @ as typed. The fault is the rest of a sentence.
 *
 * Before the @, only ASCII without quotes: Amazon SES does not support SMTPUTF8, so it can send to nobody else
 * (docs.aws.amazon.com, SES API, `Destination`). No blank, comma, bracket or line break gets through, so an address can
 * neither become two nor start a header.
 */
export const readAddress = (typed: string): ReadAddress => {
  const text = halfWidth(typed).trim();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (/[^\p{ASCII}]/u.test(local))
    return { fault: 'must have only ASCII characters before the @, because we cannot send mail elsewhere' };
  const domain = asciiDomain(text.slice(at + 1));
  if (at < 1 || !domain || !dotAtom.test(local)) return { fault: 'must be an e-mail address' };
  const address = `${local}@${domain}`;
  if (local.length > localMax) return { fault: `must have at most ${localMax} characters before the @` };
  return address.length > addressMax ? { fault: `must have at most ${addressMax} characters` } : { address };
};

/**
 * Whether two addresses reach the same person. No identity provider or mail server in use distinguishes them by capital
 * letters. An address that we would not take is nobody's.
 */
export const isSameAddress = (one: string, other: string): boolean => {
  const [a, b] = [readAddress(one), readAddress(other)];
  return 'address' in a && 'address' in b && a.address.toLowerCase() === b.address.toLowerCase();
};
