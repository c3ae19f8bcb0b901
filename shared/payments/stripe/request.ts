import type * as z from 'zod';
import { accepted, rejected, type Outcome } from '../../platform/outcome.ts';
import { jsonOf } from '../json-of.ts';
import { sendRequest, type ProviderAnswer } from '../send-request.ts';
import { providerRefusal, transientFailure } from './failures.ts';
import { errorSchema, type StripeSecret } from './model.ts';

export type StripeConnection = { secret: StripeSecret; fetch?: typeof fetch };

/** The reply to a request that Stripe understood; `reason` is its error code, or its type without one. */
export type Reply<Content> = Outcome<{ content: Content }, string>;

type Request<Content> = {
  method: 'GET' | 'POST';
  path: string;
  /** Nested fields as Stripe writes them: `metadata[payment]`. */
  fields?: Readonly<Record<string, string>>;
  /** Stripe does the same request once for each key. */
  idempotencyKey?: string;
  schema: z.ZodType<Content>;
  /** That we ask too often, or about one payment twice at once, is an answer: nothing was done. For others it is none. */
  mayBeTooOften?: true;
  /** How long the answer may take, in milliseconds, if not the usual time. */
  limit?: number;
};

export type StripeClient = <Content>(
  request: Request<Content>,
  signal?: AbortSignal,
) => Promise<Reply<Content>>;

/** Our code reads the fields of this version, whatever the account's own is. */
const apiVersion = '2025-09-30.clover';

/** Sends requests in Stripe's form. Throws if it brought no answer, or if Stripe refuses the keys. */
export const stripeClient =
  ({ secret, fetch: send }: StripeConnection): StripeClient =>
  async ({ method, path, fields = {}, idempotencyKey, schema, limit, mayBeTooOften = false }, signal) => {
    const form = new URLSearchParams(fields).toString();
    const isGet = method === 'GET';
    return sendRequest(
      `${secret.gateway}${path}${isGet && form ? `?${form}` : ''}`,
      {
        what: `${method} ${path}`,
        signal,
        limit,
        method,
        headers: {
          authorization: `Bearer ${secret.secretKey}`,
          'stripe-version': apiVersion,
          ...(!isGet && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
        ...(!isGet && { body: form }),
      },
      { provider: 'stripe', transientFailure, fetch: send },
      (answer) => meaningOf(answer, schema, { mayBeTooOften }),
    );
  };

/** Whether the keys are right and may not do this: the restricted key lacks a right. */
export const isLackOfRight = (error: unknown): boolean => error instanceof Error && 'lacksRight' in error;

/** Of `rate_limit` and `lock_timeout`, which mean the same for us. */
export const tooOften = 'rate_limit';

const meaningOf = <Content>(
  { status, body }: ProviderAnswer,
  schema: z.ZodType<Content>,
  { mayBeTooOften }: { mayBeTooOften: boolean },
): Reply<Content> => {
  const content = jsonOf(body);
  if (status >= 200 && status < 300) {
    const read = schema.safeParse(content);
    if (!read.success) throw transientFailure('the answer lacks its content');
    return accepted({ content: read.data });
  }
  const read = errorSchema.safeParse(content);
  if (!read.success) throw transientFailure(`status ${status}`);
  const { type, code = type } = read.data.error;
  if (status === 429 && mayBeTooOften) return rejected(tooOften);
  // 409: the same request is under way. 429: too many.
  if (status === 409 || status === 429 || status >= 500) throw transientFailure(code);
  if (status === 403) throw Object.assign(providerRefusal(code), { lacksRight: true });
  if (status === 401) throw providerRefusal(code);
  return rejected(code);
};
