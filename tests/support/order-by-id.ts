import type { EndReason } from '../../shared/orders/model.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import * as end from '../../shared/selling/end-order.ts';
import * as issue from '../../shared/selling/issue-order.ts';
import { releaseTask } from '../../shared/selling/workflow-tasks.ts';

/* What is done with an order, for tests that know its id alone: each reads it first, as whoever does it would. */

const read = ({ bookings }: { bookings: Table }, orderId: OrderId) =>
  readOrder(bookings, orderId, { consistent: true });

type EndDependencies = end.EndDependencies;
type IssueDependencies = Parameters<typeof issue.issuePaidOrder>[0];
type ReturnDependencies = Parameters<typeof issue.refundPaidOrder>[0];

export const closeForEnd = (dependencies: EndDependencies) => async (orderId: OrderId, reason: EndReason) =>
  end.closeForEnd(dependencies)(await read(dependencies, orderId), reason);

export const releaseForEnd = (dependencies: Parameters<typeof releaseTask>[0]) => async (orderId: OrderId) =>
  (await releaseTask(dependencies)({ orderId })).released;

export const issuePaidOrder = (dependencies: IssueDependencies) => async (orderId: OrderId) =>
  issue.issuePaidOrder(dependencies)(await read(dependencies, orderId));

export const refundIfNoTravel = (dependencies: ReturnDependencies) => async (orderId: OrderId) =>
  issue.refundIfNoTravel(dependencies)(await read(dependencies, orderId));

export const refundPaidOrder = (dependencies: ReturnDependencies) => async (orderId: OrderId) =>
  issue.refundPaidOrder(dependencies)(await read(dependencies, orderId));
