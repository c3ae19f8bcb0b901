import { writeFileSync } from 'node:fs';
import type { Caller } from '../lambda/function-callers.ts';
import type { NeededPermission } from './needed-permissions.ts';

export type GrantWatch = { used(caller: Caller, needed: readonly NeededPermission[]): void; write(): void };

/** The services that functions call through the proxy. They do not read streams. */
const called = /^(?:dynamodb:(?!.*Stream|GetRecords|GetShardIterator)|secretsmanager:|ses:|sns:|states:)/;

/**
 * Remembers what functions did, and writes the grants that they did not use into `file`, one per line. Another run may
 * still need them, for example after a failure that did not happen in this one.
 */
export const watchGrants = (file: string, callers: readonly Caller[]): GrantWatch => {
  const done = new Map<Caller, Map<string, NeededPermission>>(callers.map((caller) => [caller, new Map()]));
  const unusedOf = (caller: Caller): string[] => {
    const needed = [...(done.get(caller)?.values() ?? [])];
    const pairs = caller.statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ actions, resources }) =>
        actions.flatMap((action) => resources.map((resource) => ({ action, resource }))),
      );
    return pairs
      .filter(({ action }) => called.test(action.text))
      .filter(
        ({ action, resource }) =>
          !needed.some((one) => action.matches(one.action) && one.resources.some(resource.matches)),
      )
      .map(({ action, resource }) => `${caller.title} ${action.text} ${resource.text}`);
  };
  return {
    used: (caller, needed) => {
      for (const one of needed) done.get(caller)?.set(`${one.action} ${one.resources.join(' ')}`, one);
    },
    write: () => writeFileSync(file, `${callers.flatMap(unusedOf).join('\n')}\n`),
  };
};
