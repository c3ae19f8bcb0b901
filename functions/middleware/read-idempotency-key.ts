import type { Check } from './draft.ts';

const printable = /^[\x20-\x7e]{1,255}$/;

/** The client's own name for this request, where the route needs one. Its hash follows when the body is read. */
export const readIdempotencyKey: Check = (draft) => {
  if (!draft.route.idempotent) return undefined;
  const key = draft.headers['idempotency-key']?.trim() ?? '';
  if (key === '') return { reason: 'idempotency-key-missing' };
  if (!printable.test(key)) {
    return { reason: 'bad-request', detail: 'An Idempotency-Key has 1 to 255 printable ASCII characters.' };
  }
  draft.idempotency = { key, bodyHash: '' };
  return undefined;
};
