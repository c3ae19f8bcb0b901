/** The stored result of an earlier request with the same idempotency key. */
export type Replay =
  | { outcome: 'first' }
  | { outcome: 'same'; answer: string }
  | { outcome: 'reused' }
  /** The same request is being worked on just now. */
  | { outcome: 'in-progress' };
