import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { localeSchema, spokenLocale } from '../../../shared/platform/locales.ts';
import type { Languages } from '../../../shared/platform/languages.ts';
import { answered, apiHandler, sent } from '../../middleware/api-handler.ts';
import { greetingPage, greetingStyle } from '../../pages/greeting-page.ts';
import { quietPageHeaders } from '../../pages/page-headers.ts';
import { aboutRoutes } from '../../routes/about.ts';
import { version } from '../../version.ts';

/** The first of the carrier's languages that the reader wants; its default if it speaks none of them. */
const localeFor = (languages: Languages): string => {
  const { locales, defaultLocale } = carrier();
  const spoken = languages.flatMap((tag) => {
    const { success, data } = localeSchema.safeParse(tag);
    return (success && spokenLocale(data, locales)) || [];
  });
  return spoken[0] ?? defaultLocale;
};

/** `GET /`: browsers send `text/html` in `Accept`, programs do not. */
export const handler = apiHandler(aboutRoutes.greet, async ({ headers, languages }) => {
  if (/\btext\/html\b/i.test(headers.accept ?? '')) {
    const page = greetingPage(version, localeFor(languages), carrier());
    return sent('text/html; charset=utf-8', page, {
      ...quietPageHeaders(greetingStyle(carrier())),
      vary: 'accept, accept-language',
    });
  }
  const links = { docs: '/docs', openapi: '/v1/openapi.json', health: '/v1/health' };
  return answered(
    { name: 'Keyun', description: 'The booking API of a passenger carrier', version, links },
    200,
    { vary: 'accept' },
  );
});
