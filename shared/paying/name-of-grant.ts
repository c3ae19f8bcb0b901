import { createHash } from 'node:crypto';
import type { GrantName } from './decide-give.ts';

/** The name of the grant of a key: providers do not take every character of a key in the numbers of refunds. */
export const nameOfGrant = (key: string): GrantName =>
  `give_${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
