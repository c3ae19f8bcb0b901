import type { Table } from '../../shared/platform/dynamo.ts';
import { by } from './faulty-table.ts';

type Input = {
  UpdateExpression?: string;
  Key?: { pk?: string; sk?: string };
  Item?: Record<string, unknown>;
};
export type Sent = { input: Input; constructor: { name: string } };

/** A table whose first request of a kind waits until it is let go: what others do meanwhile comes in between. */
export const stoppingAt = (table: Table, isIt: (sent: Sent) => boolean) => {
  let stopped = false;
  let goOn: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return {
    reached,
    goOn: () => goOn(),
    table: by(table, async (command, send) => {
      if (!stopped && isIt(command as Sent)) {
        stopped = true;
        arrive();
        await released;
      }
      return send(command);
    }),
  };
};

/** A table of somebody who dies at his `n`th write, before or after it takes effect. */
export const dyingAt = (tables: readonly Table[], n: number, when: 'before' | 'after') => {
  let writes = 0;
  const died = (): Promise<never> => new Promise(() => undefined);
  const state = { isDead: false };
  let dies: () => void = () => undefined;
  const death = new Promise<void>((resolve) => {
    dies = resolve;
  });
  const living = tables.map((table) =>
    by(table, async (command, send) => {
      if (state.isDead) return died();
      const isWrite = !/Get|Query/.test((command as Sent).constructor.name);
      if (!isWrite || (writes += 1) !== n) return send(command);
      state.isDead = true;
      if (when === 'after') await send(command).catch(() => undefined);
      dies();
      return died();
    }),
  );
  return { tables: living, death, state };
};

/** The transitions of a run and its shards, by what their writes say. */
export const isClose = ({ input }: Sent): boolean =>
  input.UpdateExpression === 'SET closed = :closed' || input.Item?.['closed'] !== undefined;
export const isReopen = ({ input }: Sent): boolean => input.UpdateExpression === 'REMOVE closed';
export const isFlip = ({ input }: Sent): boolean => input.UpdateExpression?.includes('packed') ?? false;
export const isGiveUp = ({ input }: Sent): boolean => input.UpdateExpression === 'REMOVE changing';
export const isFreeze = ({ input }: Sent): boolean => input.Item?.['packed'] !== undefined;
