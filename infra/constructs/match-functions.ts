import { functionNames, isFunctionName, type FunctionName } from './grants.ts';

type Bundle = { entry: string; directory: string };
type NamedByRoute = { method: string; path: string; function: string };

/**
 * The folder of each function's code. Throws if a file has no line in grants.ts, or a line has no file, so that synthesis finds
 * the mistake and not the first caller.
 */
export const codeOfFunctions = (bundles: readonly Bundle[]): Record<FunctionName, string> => {
  for (const { entry } of bundles) {
    if (!isFunctionName(entry)) {
      throw new Error(
        `functions/${entry}.ts has no line in infra/constructs/grants.ts: add one with its grants`,
      );
    }
  }
  const codes = Object.fromEntries(bundles.map(({ entry, directory }) => [entry, directory]));
  for (const entry of functionNames) {
    if (!codes[entry])
      throw new Error(`infra/constructs/grants.ts names functions/${entry}.ts, which does not exist`);
  }
  return codes as Record<FunctionName, string>;
};

/** The function that answers a route. Throws if the table of routes names one that does not exist. */
export const functionOfRoute = <Function>(
  route: NamedByRoute,
  functions: Readonly<Record<string, Function>>,
): Function => {
  const found = functions[route.function];
  if (found) return found;
  throw new Error(`${route.method} ${route.path} names functions/${route.function}.ts, which does not exist`);
};
