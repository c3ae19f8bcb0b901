import { environment } from '../../../shared/platform/config.ts';
import { answered, apiHandler } from '../../middleware/api-handler.ts';
import { openApiDocument } from '../../openapi/document.ts';
import { routes } from '../../routes.ts';
import { aboutRoutes } from '../../routes/about.ts';
import { version } from '../../version.ts';

/** Only a deployment changes it, so each process makes it once. */
let document: ReturnType<typeof openApiDocument> | undefined;

/** `GET /v1/openapi.json`. */
export const handler = apiHandler(aboutRoutes.getOpenApi, async () => {
  document ??= openApiDocument(routes, { version, publicUrl: environment().PUBLIC_URL ?? '/' });
  return answered(document);
});
