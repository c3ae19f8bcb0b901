import * as z from 'zod';
import type { Mapping } from './event-source-mapping.ts';

const responseSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish();

/**
 * The items of a batch that a function reports as failed. If the report is unreadable, all of them have failed, as on
 * AWS.
 */
export const failedItems = (
  { FunctionResponseTypes }: Pick<Mapping, 'FunctionResponseTypes'>,
  payload: unknown,
): string[] | 'all' => {
  if (!FunctionResponseTypes.includes('ReportBatchItemFailures')) return [];
  const read = responseSchema.safeParse(payload);
  if (!read.success) return 'all';
  return (read.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
};
