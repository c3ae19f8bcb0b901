/** What is stored of a request that was sent before, by its idempotency key. */
export type Replay =
  | { outcome: 'first' }
  | { outcome: 'same'; answer: string }
  | { outcome: 'reused' }
  /** The same request is being worked on just now. */
  | { outcome: 'in-progress' };
