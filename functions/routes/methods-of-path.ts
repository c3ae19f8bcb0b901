import type { Route } from './route.ts';

type Table = Readonly<Record<string, Pick<Route, 'method' | 'path'>>>;

const segmentsOf = (path: string): string[] => path.split('/').slice(1);

const matches = (pattern: readonly string[], actual: readonly string[]): boolean =>
  pattern.length === actual.length &&
  pattern.every((segment, index) =>
    segment.startsWith('{') ? actual[index] !== '' : segment === actual[index],
  );

/** The methods of a path, as `Allow` lists them; empty if no route has it. `GET` brings `HEAD` with it. */
export const methodsOfPath = (routes: Table, rawPath: string): string[] => {
  const actual = segmentsOf(rawPath);
  const own = Object.values(routes).flatMap(({ method, path }) =>
    matches(segmentsOf(path), actual) ? method : [],
  );
  if (own.length === 0) return [];
  return [...own.flatMap((method) => (method === 'GET' ? [method, 'HEAD'] : method)), 'OPTIONS'];
};
