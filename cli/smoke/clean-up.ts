import type { Table } from '../../shared/platform/dynamo.ts';
import { localDateOf, type Clock } from '../../shared/platform/time.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import { isSame } from '../../shared/timetable/decide-sales.ts';
import { changeSales } from '../../shared/timetable/open-sales.ts';
import { readState } from '../../shared/timetable/store.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';
import { CommandFailure } from '../connect.ts';
import type { UserPool } from '../staff/user-pool.ts';
import type { Api, Order } from './api.ts';
import { cancelOrder } from './buy.ts';
import type { SmokePlan } from './plan.ts';
import { StepFailed, type Steps } from './steps.ts';
import { deleteTestUser } from './test-user.ts';

type CleanUp = {
  steps: Steps;
  plan: SmokePlan;
  tables: { timetable: Table; inventory: Table };
  carrier: Pick<Carrier, 'timeZone'>;
  clock: Clock;
  /** Absent if nobody signed in. */
  api: Api | undefined;
  users: UserPool | undefined;
  email: string;
};

/**
 * Gives back what a smoke test has, however far it came: it cancels the holds, closes the runs for good, ends their sale and
 * deletes the user. A part that fails does not stop the others. What is left ends by its time to live, or like every order.
 */
export const cleanUpSmoke = async (cleanUp: CleanUp): Promise<void> => {
  const { steps } = cleanUp;
  const parts: [string, () => Promise<void>][] = [
    ['clean up: cancel what is held', () => cancelHeld(cleanUp)],
    ['clean up: close the test runs', () => closeRuns(cleanUp)],
    ['clean up: end their sale', () => endSale(cleanUp)],
    ['clean up: delete the test user', () => deleteUser(cleanUp)],
  ];
  for (const [step, work] of parts)
    await steps.run(step, work).catch((error: unknown) => {
      if (!(error instanceof StepFailed)) throw error;
    });
};

/** A request that an interruption cut short may have made an order, so it asks for the user's own list. */
const cancelHeld = async ({ api, plan }: CleanUp): Promise<void> => {
  if (!api) return;
  const { body } = await api.get<{ orders?: Order[] }>('/v1/orders');
  // The user may be a person who lent a token.
  const own = (body.orders ?? []).filter(({ runId }) => runId.startsWith(plan.mark));
  for (const { orderId, state } of own) if (state === 'held') await cancelOrder(api, orderId);
};

const closeRuns = async ({ plan, tables }: CleanUp): Promise<void> => {
  // A run that the import has not reached is unknown, and there is nothing to close.
  for (const { runId } of [plan.soon, plan.later]) await closeRun(tables, runId);
};

const endSale = async ({ plan, tables: { timetable }, carrier, clock }: CleanUp): Promise<void> => {
  const subject = { kind: 'route' as const, id: plan.mark };
  const { sales } = await readState(timetable, { afresh: true });
  if (!sales?.exceptions?.some((each) => isSame(each.subject, subject))) return;
  const today = localDateOf(clock(), carrier.timeZone);
  const ended = await changeSales(timetable, { what: 'open', subject }, today);
  if (ended.outcome === 'rejected') throw new CommandFailure(`the sale cannot be changed: ${ended.reason}`);
};

const deleteUser = async ({ users, email }: CleanUp): Promise<void> => {
  if (users) await deleteTestUser(users, email);
};
