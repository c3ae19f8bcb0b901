/** A route key of an HTTP API: `GET /v1/orders/{orderId}`, `ANY /files/{path+}` or `$default`. */
export type RouteKey = string;

export type Matched<Route> = { route: Route; pathParameters: Record<string, string> | undefined };

type Candidate<Route> = { route: Route; method: string; segments: readonly string[] };

const defaultKey = '$default';

/**
 * Finds the route of a request as API Gateway does: it prefers a full match to a greedy one, literal text to a
 * variable, and a named method to ANY; `$default` takes everything else.
 */
export const makeRouter = <Route>(
  routes: ReadonlyMap<RouteKey, Route>,
): ((method: string, rawPath: string) => Matched<Route> | undefined) => {
  const candidates: Candidate<Route>[] = [...routes]
    .filter(([key]) => key !== defaultKey)
    .map(([key, route]) => {
      const [method = '', path = ''] = key.split(' ');
      return { route, method, segments: segmentsOf(path) };
    })
    .sort((a, b) => rankOf(a).localeCompare(rankOf(b)));
  const fallback = routes.get(defaultKey);
  return (method, rawPath) => {
    const segments = segmentsOf(rawPath);
    for (const candidate of candidates) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = match(candidate.segments, segments);
      if (pathParameters)
        return {
          route: candidate.route,
          pathParameters: Object.keys(pathParameters).length > 0 ? pathParameters : undefined,
        };
    }
    return fallback && { route: fallback, pathParameters: undefined };
  };
};

const segmentsOf = (path: string): string[] => path.split('/').slice(1);

const isVariable = (segment: string) => segment.startsWith('{');
const isGreedy = (segment: string) => segment.endsWith('+}');

/** A text that sorts more specific routes first. */
const rankOf = ({ segments, method }: { segments: readonly string[]; method: string }): string =>
  segments.map((segment) => (isGreedy(segment) ? '2' : isVariable(segment) ? '1' : '0')).join('') +
  (method === 'ANY' ? '~' : '');

const match = (pattern: readonly string[], actual: readonly string[]): Record<string, string> | undefined => {
  const found: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const given = actual[index];
    if (isGreedy(segment)) {
      const rest = actual.slice(index).map(decoded).join('/');
      return rest === '' ? undefined : { ...found, [segment.slice(1, -2)]: rest };
    }
    if (given === undefined) return undefined;
    if (!isVariable(segment)) {
      if (segment !== given) return undefined;
    } else {
      if (given === '') return undefined;
      found[segment.slice(1, -1)] = decoded(given);
    }
  }
  return pattern.length === actual.length ? found : undefined;
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};
