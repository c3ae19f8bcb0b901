import type { CallLimits } from '../../shared/platform/aws-client.ts';

type Milliseconds<Name extends string> = Record<Name, number>;

/** Every limit of the time that something may take: milliseconds, or seconds where the name says so. */
export type Limits = {
  functions: Record<string, { seconds: number; asksProviders: boolean; mails: boolean }>;
  queues: {
    worker: string;
    visibilitySeconds: number;
    batchingSeconds: number;
    receives: number;
    keptSeconds: number;
  }[];
  routes: { function: string; milliseconds: number }[];
  workflow: {
    seconds: number;
    tasks: {
      name: string;
      function: string;
      /** Undefined for the wait that ends with the hold. */
      seconds: number | undefined;
      retries: { times: number; waitSeconds: number }[];
    }[];
  };
  calls: { usual: CallLimits; mail: CallLimits };
  provider: Milliseconds<'request' | 'patience' | 'reserve'>;
  notificationAnswer: number;
  queueAnswer: number;
  stream: Milliseconds<'item' | 'answer' | 'naming'>;
  sweep: Milliseconds<'item' | 'bookkeeping' | 'telling' | 'reserve' | 'lookingForRuns'>;
  lease: Milliseconds<'lasts' | 'renewedAfter'>;
  secrets: Milliseconds<'age' | 'doubtedAge' | 'patience' | 'pause'>;
  holdSeconds: number;
};

/** The SDK waits up to half a second before it asks again where it was told to slow down, twice that the next time. */
const slowestWait = 500;

/** What operators are promised about a secret that they change. */
const secretInUse = 5 * 60_000;

/** The longest that a call can take which never succeeds. */
const longest = ({ attempts, attemptMilliseconds }: CallLimits): number =>
  attempts * attemptMilliseconds + slowestWait * (2 ** (attempts - 1) - 1);

/** API Gateway gives up an integration after this, and nobody can raise it for an HTTP API. */
const gatewayMilliseconds = 30_000;
/** Alipay waits no longer for an answer to a notification. */
const providersPatience = 3000;
/** What AWS advises for a queue's visibility: so many times the worker's time-out, and the batching window. */
const visibilityTimes = 6;
/** A hung item leaves time to begin others in its lane. */
const itemsPerBatch = 2;

/** What does not fit, a sentence each. */
export const complaints = (limits: Limits): string[] => [
  ...callComplaints(limits),
  ...providerComplaints(limits),
  ...deliveryComplaints(limits),
  ...workflowComplaints(limits),
  ...batchComplaints(limits),
  ...secretComplaints(limits),
];

const fits = (what: string, inner: number, outer: number): string[] =>
  inner < outer ? [] : [`${what}: ${inner} is not less than ${outer}`];

const callComplaints = ({ calls, functions, queueAnswer }: Limits): string[] => [
  ...Object.values(calls).flatMap(({ connectMilliseconds, attemptMilliseconds }) =>
    fits('time to connect, in an attempt', connectMilliseconds, attemptMilliseconds),
  ),
  ...Object.entries(functions).flatMap(([entry, { seconds, mails }]) =>
    fits(
      `${entry}: a call that is lost`,
      longest(mails ? calls.mail : calls.usual) + (mails ? queueAnswer : 0),
      seconds * 1000,
    ),
  ),
];

const providerComplaints = ({ calls, provider, functions, notificationAnswer }: Limits): string[] => [
  ...fits('requests of a call to a provider', 2 * provider.request, provider.patience + 1),
  ...fits('an attempt to write what a provider said', calls.usual.attemptMilliseconds, provider.reserve),
  ...Object.entries(functions)
    .filter(([, { asksProviders }]) => asksProviders)
    .flatMap(([entry, { seconds }]) =>
      fits(`${entry}: a silent provider`, provider.patience + provider.reserve, seconds * 1000),
    ),
  ...fits('the answer to a notification', notificationAnswer, providersPatience),
];

const deliveryComplaints = ({ functions, queues, routes }: Limits): string[] => [
  ...queues.flatMap(({ worker, visibilitySeconds, batchingSeconds, receives, keptSeconds }) => [
    ...fits(
      `the queue of ${worker}: its worker, six times`,
      visibilityTimes * (functions[worker]?.seconds ?? Infinity) + batchingSeconds,
      visibilitySeconds + 1,
    ),
    ...fits(`the queue of ${worker}: all its deliveries`, receives * visibilitySeconds, keptSeconds),
  ]),
  ...routes.flatMap(({ function: entry, milliseconds }) => [
    ...fits(`the gateway's wait for ${entry}`, (functions[entry]?.seconds ?? Infinity) * 1000, milliseconds),
    ...fits(`the gateway's wait for ${entry}`, milliseconds, gatewayMilliseconds),
  ]),
];

/** Every try of every task takes as long as it may, one after the other. */
const workflowComplaints = ({ functions, workflow, holdSeconds }: Limits): string[] => {
  const slack = 60;
  const longestOf = (task: Limits['workflow']['tasks'][number]): number => {
    const own = functions[task.function]?.seconds ?? Infinity;
    const waits = task.retries.reduce(
      (sum, { times, waitSeconds }) => sum + waitSeconds + times * (task.seconds ?? own),
      0,
    );
    return waits + (task.seconds ?? holdSeconds);
  };
  return [
    ...workflow.tasks
      .filter(({ name }) => name !== 'AwaitPayment')
      .flatMap((task) =>
        fits(
          `the task ${task.name}: its function`,
          functions[task.function]?.seconds ?? Infinity,
          task.seconds ?? 0,
        ),
      ),
    ...fits(
      'the workflow: all its tasks',
      workflow.tasks.reduce((sum, task) => sum + longestOf(task) + slack, 0),
      workflow.seconds,
    ),
    ...fits('the workflow: its end', workflow.seconds, Infinity),
  ];
};

/** The call after one that died. */
const minute = 60_000;

const batchComplaints = ({ calls, functions, stream, sweep, lease }: Limits): string[] => {
  const call = longest(calls.usual);
  const secondsOf = (entry: string): number => (functions[entry]?.seconds ?? 0) * 1000;
  return [
    ...fits('a call, in an item of a stream', call, stream.item),
    ...fits(
      'items of a stream, in their function',
      itemsPerBatch * stream.item + stream.answer + stream.naming,
      secondsOf('events/publish-events'),
    ),
    ...fits('a call, in an item of a sweep', call, sweep.item),
    ...fits('a call, in the bookkeeping of a sweep', call, sweep.bookkeeping),
    ...fits('a call, at the end of a sweep', call, sweep.telling),
    ...fits('the last item of a sweep', sweep.item + sweep.bookkeeping + sweep.telling, sweep.reserve),
    ...fits(
      'clean-up: looking for runs, and the last item',
      sweep.lookingForRuns + sweep.reserve,
      secondsOf('schedule/clean-up'),
    ),
    ...fits(
      'an item of a sweep, in its lease',
      sweep.item + sweep.bookkeeping,
      lease.lasts - lease.renewedAfter,
    ),
    ...fits('the lease of a sweep that died', lease.lasts, minute),
    ...fits('free-orphans: the last item', sweep.reserve, secondsOf('schedule/free-orphans')),
  ];
};

/** A secret that fails to be read once is in use in time, and a doubt leaves time to record the notification. */
const secretComplaints = ({ secrets, notificationAnswer, calls }: Limits): string[] => [
  ...fits('a changed secret', secrets.age + secrets.patience + secrets.pause, secretInUse),
  ...fits('a doubted secret', secrets.doubtedAge, secrets.age),
  ...fits('a wait for a secret, in a notification', secrets.patience, notificationAnswer / 2),
  ...fits('a wait for a secret', secrets.patience, calls.usual.attemptMilliseconds),
];
