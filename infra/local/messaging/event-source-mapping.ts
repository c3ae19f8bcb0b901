import * as z from 'zod';
import type { MappedSource } from '../iam/role-calls.ts';
import { absent, flag, number } from '../template/template-shapes.ts';

/** The settings of a trigger that the local run obeys; it refuses any other setting that would change the delivery. */
export const mappingSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: number.optional(),
  MaximumBatchingWindowInSeconds: number.default(0),
  StartingPosition: z.string().optional(),
  BisectBatchOnFunctionError: flag.default(false),
  MaximumRetryAttempts: number.default(-1),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }).optional(),
  ScalingConfig: z.object({ MaximumConcurrency: number }).optional(),
  Enabled: flag.default(true),
  FilterCriteria: absent,
  TumblingWindowInSeconds: absent,
  MaximumRecordAgeInSeconds: absent,
});
export type Mapping = z.output<typeof mappingSchema>;

/** What a trigger reads for its function, and where it puts what failed too often. */
export const sourceOf = ({ FunctionName, EventSourceArn, DestinationConfig }: Mapping): MappedSource => ({
  functionName: FunctionName,
  source: EventSourceArn,
  deadLetters: DestinationConfig?.OnFailure.Destination,
});

export type Pollers = { stop(): Promise<void> };
