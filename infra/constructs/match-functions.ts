import { functionNames, isFunctionName, type FunctionName } from './grants.ts';

type Bundle = { entry: string; directory: string };
type NamedByRoute = { method: string; path: string; function: string };

/**
 * Where the code of each function lies. Throws when a file has no line in grants.ts, or a line no file: a function
 * that would be missing, or could do nothing, is found here and not by its first caller.
 */
export const codeOfFunctions = (bundles: readonly Bundle[]): Record<FunctionName, string> => {
  for (const { entry } of bundles) {
    if (!isFunctionName(entry)) {
      throw new Error(
        `functions/${entry}.ts has no line in infra/constructs/grants.ts that says what it may do`,
      );
    }
  }
  const codes = Object.fromEntries(bundles.map(({ entry, directory }) => [entry, directory]));
  for (const entry of functionNames) {
    if (!codes[entry])
      throw new Error(`infra/constructs/grants.ts names functions/${entry}.ts, which is not there`);
  }
  return codes as Record<FunctionName, string>;
};

/** The function that answers a route. Throws when the table of routes names one that is not there. */
export const functionOfRoute = <Function>(
  route: NamedByRoute,
  functions: Readonly<Record<string, Function>>,
): Function => {
  const found = functions[route.function];
  if (found) return found;
  throw new Error(`${route.method} ${route.path} names functions/${route.function}.ts, which is not there`);
};
