import { answered, apiHandler, sent } from '../../middleware/api-handler.ts';
import { greetingPage, greetingStyle } from '../../pages/greeting-page.ts';
import { quietPageHeaders } from '../../pages/page-headers.ts';
import { aboutRoutes } from '../../routes/about.ts';
import { version } from '../../version.ts';

const pageHeaders = { ...quietPageHeaders(greetingStyle), vary: 'accept' };

/** `GET /`: browsers send `text/html` in `Accept`, programs do not. */
export const handler = apiHandler(aboutRoutes.greet, async ({ headers }) => {
  if (/\btext\/html\b/i.test(headers.accept ?? '')) {
    return sent('text/html; charset=utf-8', greetingPage(version), pageHeaders);
  }
  const links = { docs: '/docs', openapi: '/v1/openapi.json', health: '/v1/health' };
  return answered(
    { name: 'Keyun', description: 'The booking API of a passenger carrier', version, links },
    200,
    { vary: 'accept' },
  );
});
