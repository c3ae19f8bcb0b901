import type { Construct } from 'constructs';
import { functionNames, grants, type FunctionName } from './grants.ts';
import type { Granted } from './permissions.ts';
import { ServiceFunction, type FunctionGroup } from './service-function.ts';

/** The functions of some folders below `functions/`, by the names of their entry files. */
export type FunctionsOf<Group extends FunctionGroup> = Readonly<
  Record<Extract<FunctionName, `${Group}/${string}`>, ServiceFunction>
>;

/** Makes every function of these folders. Throws if a function has a grant for something that its stack does not have. */
export const makeFunctions = <Group extends FunctionGroup>(
  scope: Construct,
  groups: readonly Group[],
  { codes, granted }: { codes: Readonly<Record<string, string>>; granted: Granted },
): FunctionsOf<Group> => {
  const isOurs = (entry: string) => groups.some((group) => entry.startsWith(`${group}/`));
  return Object.fromEntries(
    functionNames
      .filter(isOurs)
      .map((entry) => [
        entry,
        new ServiceFunction(scope, { entry, code: codes[entry] ?? '', grants: grants[entry], granted }),
      ]),
  ) as FunctionsOf<Group>;
};
