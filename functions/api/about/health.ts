import { answered, apiHandler } from '../../middleware/api-handler.ts';
import { aboutRoutes } from '../../routes/about.ts';
import { version } from '../../version.ts';

/** `GET /v1/health` calls nothing else, so it reports on the API alone. */
export const handler = apiHandler(aboutRoutes.getHealth, async () => answered({ status: 'ok', version }));
