import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { routes } from '../../routes.ts';
import { fallbackRoute } from '../../routes/about.ts';
import { methodsOfPath } from '../../routes/methods-of-path.ts';

/**
 * `$default`: every request that no route matches. An address that has other methods names them, and answers OPTIONS: the
 * gateway adds its own headers to that answer if it lets other origins in.
 */
export const handler = apiHandler(fallbackRoute, async ({ method, rawPath }) => {
  const methods = methodsOfPath(routes, rawPath);
  if (methods.length === 0)
    return refused('not-found', {
      detail: 'No route has this path. GET /v1/openapi.json lists the routes.',
    });
  const headers = { allow: methods.join(', ') };
  if (method === 'OPTIONS') return answered(undefined, 204, headers);
  return refused('method-not-allowed', { headers });
});
