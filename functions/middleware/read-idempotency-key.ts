import type { Check } from './draft.ts';

const printable = /^[\x20-\x7e]{1,255}$/;

/** Reads the client's own key for this request, if the route needs one. `readBody` adds the hash of the body. */
export const readIdempotencyKey: Check = (draft) => {
  if (!draft.route.idempotent) return undefined;
  const key = draft.headers['idempotency-key']?.trim() ?? '';
  if (key === '') return { reason: 'idempotency-key-missing' };
  if (!printable.test(key)) {
    return {
      reason: 'bad-request',
      detail: 'An Idempotency-Key must have 1 to 255 printable ASCII characters.',
    };
  }
  draft.idempotency = { key, bodyHash: '' };
  return undefined;
};
