import type { KeyObject } from 'node:crypto';
import { transientFailure } from './failures.ts';
import { answerSchema, type Answer } from './model.ts';
import { isSignedBy } from '../rsa-sha256.ts';

/**
 * The values of a JSON object's own members, exactly as they appear in the text. The signature covers the characters
 * that Alipay sent (it writes `/` as `\/`, for one), so we must not parse the text and write it again. Expects text
 * that `JSON.parse` has accepted.
 */
const rawMembers = (json: string): Map<string, string> => {
  const members = new Map<string, string>();
  let depth = 0;
  let start = -1;
  let key: string | undefined;
  const take = (end: number): void => {
    if (start < 0) return;
    const text = json.slice(start, end).trim();
    if (key === undefined) key = JSON.parse(text) as string;
    else {
      members.set(key, text);
      key = undefined;
    }
    start = -1;
  };
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charAt(at);
    if (depth === 1 && (character === ':' || character === ',' || character === '}')) take(at);
    else if (depth === 1 && start < 0) start = at;
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === '"') at = endOfString(json, at);
  }
  return members;
};

const endOfString = (json: string, opening: number): number => {
  let at = opening + 1;
  while (at < json.length && json.charAt(at) !== '"') at += json.charAt(at) === '\\' ? 2 : 1;
  return at;
};

const isObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** `alipay.trade.query` → `alipay_trade_query_response`. */
const nodeOf = (method: string): string => `${method.replaceAll('.', '_')}_response`;

/**
 * Reads the gateway's answer to `method`, if Alipay signed it. Throws a transient failure for anything else: an answer
 * that we cannot trust means nothing.
 */
export const readAnswer = (method: string, body: string, alipayKey: KeyObject): Answer => {
  if (!isObject(body)) throw transientFailure('the answer is not a JSON object');
  const members = rawMembers(body);
  const content = members.get(nodeOf(method)) ?? members.get('error_response');
  const signature = members.get('sign');
  if (content === undefined) throw transientFailure('the answer has no content');
  if (!signature?.startsWith('"') || !isSignedBy(content, JSON.parse(signature) as string, alipayKey)) {
    throw transientFailure('the answer is not signed by Alipay');
  }
  const answer = answerSchema.safeParse(JSON.parse(content));
  if (!answer.success) throw transientFailure('the answer has no code');
  return answer.data;
};
