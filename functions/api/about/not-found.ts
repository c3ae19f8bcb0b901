import { apiHandler, refused } from '../../middleware/api-handler.ts';
import { fallbackRoute } from '../../routes/about.ts';

/** `$default`: every request that no route matches, with any method. */
export const handler = apiHandler(fallbackRoute, async () =>
  refused('not-found', {
    detail: 'No route has this method and path. GET /v1/openapi.json lists the routes.',
  }),
);
