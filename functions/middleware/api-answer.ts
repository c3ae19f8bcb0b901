import type { FieldError, ProblemReason, Refusal } from './problems.ts';

/** JSON by the route's schema; or a text or bytes, sent as they are. */
export type ApiAnswer<A> =
  | { outcome: 'answered'; status?: 200 | 201 | 204; body: A; headers?: Record<string, string> }
  | { outcome: 'sent'; contentType: string; body: string | Uint8Array; headers?: Record<string, string> }
  | ({ outcome: 'refused' } & Refusal);

export const answered = <A>(
  body: A,
  status?: 200 | 201 | 204,
  headers?: Record<string, string>,
): ApiAnswer<A> => ({
  outcome: 'answered',
  body,
  ...(status && { status }),
  ...(headers && { headers }),
});

/** Anything but JSON: a page, a picture. */
export const sent = (
  contentType: string,
  body: string | Uint8Array,
  headers?: Record<string, string>,
): Extract<ApiAnswer<never>, { outcome: 'sent' }> => ({
  outcome: 'sent',
  contentType,
  body,
  ...(headers && { headers }),
});

export const refused = (
  reason: ProblemReason,
  more: { detail?: string; fields?: FieldError[] } = {},
): Extract<ApiAnswer<never>, { outcome: 'refused' }> => ({ outcome: 'refused', reason, ...more });
