import type { Refusal } from './problems.ts';

/** JSON by the route's schema; or text or bytes that are sent without change. */
export type ApiAnswer<A> =
  | { outcome: 'answered'; status?: 200 | 201 | 204; body: A; headers?: Record<string, string> }
  | { outcome: 'sent'; contentType: string; body: string | Uint8Array; headers?: Record<string, string> }
  | ({ outcome: 'refused' } & Refusal);
