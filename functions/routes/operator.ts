import * as z from 'zod';
import { jobStates, progressSchema } from '../../shared/disruption/model.ts';
import { jobIdSchema, runIdSchema, stopIdSchema } from '../../shared/platform/ids.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { waiverReasons } from '../../shared/tickets/model.ts';
import { route } from './route.ts';

const jobView = z
  .object({
    jobId: jobIdSchema,
    runId: runIdSchema,
    reason: z.enum(waiverReasons),
    stopId: stopIdSchema.optional(),
    delayMinutes: z.int().optional(),
    state: z.enum(jobStates).meta({
      description:
        '`begun`, then `waiving` until every ticket is waived and its passengers are told; `waiting` while passengers choose; `refunding` what nobody has chosen about; `done`',
    }),
    createdAt: instantSchema,
    until: instantSchema.meta({
      description: 'Until then passengers choose; of a delay, the last delayed departure',
    }),
    progress: progressSchema.extend({
      look: z.int().meta({ description: 'Which look at all seats of the run this is' }),
      shards: z.int().meta({ description: 'The parts into which the seats are divided' }),
      shardsDone: z.int().meta({ description: 'How many of them this look is past' }),
      unsettled: z
        .int()
        .meta({ description: 'Seats to which the next look must come back, by this look or the last one' }),
    }),
    doneAt: instantSchema.optional(),
  })
  .meta({ id: 'Job' });

const runPath = z.object({ runId: runIdSchema });

const success = {
  status: 201,
  description: 'The job that does it. Whoever announces the same again gets the same job',
  body: jobView,
} as const;

const ofOperators = { caller: 'operators', tag: 'Operator' } as const;

/** What staff announce about runs, and how far it has come. */
export const operatorRoutes = {
  cancelRun: route({
    method: 'POST',
    path: '/v1/operator/runs/{runId}/cancellation',
    function: 'api/operator/cancel-run',
    ...ofOperators,
    summary: 'Cancel a run: its sale ends, and every passenger may go without a fee or gets the money back',
    pathParameters: runPath,
    success,
    problems: ['not-found', 'run-over', 'no-disruption-rules'],
  }),
  cancelStop: route({
    method: 'POST',
    path: '/v1/operator/runs/{runId}/stop-cancellations',
    function: 'api/operator/cancel-stop',
    ...ofOperators,
    summary: 'Cancel a stop of a run: the same for the passengers who board or alight there',
    pathParameters: runPath,
    body: z.object({ stopId: stopIdSchema }).meta({ id: 'StopCancellationRequest' }),
    success,
    problems: [
      'not-found',
      'run-over',
      'run-not-running',
      'stop-not-served',
      'no-disruption-rules',
      'invalid-input',
    ],
  }),
  announceDelay: route({
    method: 'POST',
    path: '/v1/operator/runs/{runId}/delays',
    function: 'api/operator/announce-delay',
    ...ofOperators,
    summary: 'Announce a delay: passengers may go without a fee until the delayed departure',
    pathParameters: runPath,
    body: z.object({ minutes: z.int().min(1).max(9999) }).meta({ id: 'DelayRequest' }),
    success,
    problems: [
      'not-found',
      'run-not-running',
      'delay-past',
      'delay-below-limit',
      'no-disruption-rules',
      'invalid-input',
    ],
  }),
  getJob: route({
    method: 'GET',
    path: '/v1/operator/jobs/{jobId}',
    function: 'api/operator/get-job',
    ...ofOperators,
    summary: 'See how far a job has come',
    pathParameters: z.object({ jobId: jobIdSchema }),
    success: { status: 200, description: 'The job', body: jobView },
    problems: ['not-found'],
  }),
};
