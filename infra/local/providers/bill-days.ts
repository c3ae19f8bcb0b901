import { plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import type { Span } from './bill.ts';
import { chinaTime, fromChinaTime } from './formats.ts';

const daySeconds = 86_400;
/** The bills of the providers of China are there nine hours after their day. */
const readySeconds = 9 * 3600;

export type BillDay = { span: Span; stands: 'to-come' | 'in-the-making' | 'there'; isYoung: boolean };

/** A day of China as the merchant writes it, and how its bill stands; undefined for another text. A young one is still given. */
export const chinaDay = (text: string, now: Instant): BillDay | undefined => {
  const from = fromChinaTime(`${text} 00:00:00`);
  if (!from || chinaTime(from).slice(0, 10) !== text) return undefined;
  const until = plusSeconds(from, daySeconds);
  const stands = now < until ? 'to-come' : now < plusSeconds(until, readySeconds) ? 'in-the-making' : 'there';
  return { span: { from, until }, stands, isYoung: now < plusSeconds(until, 92 * daySeconds) };
};
