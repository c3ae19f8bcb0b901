import * as z from 'zod';
import { spanSchema } from '../../shared/platform/after-sale/span.ts';
import { route, type Keeping } from './route.ts';

/** The three files of the documentation page. */
export const docsFiles = ['swagger-ui-bundle.js', 'swagger-ui.css', 'initializer.js'] as const;

const tag = 'About';

/** For pages, which a deployment may change at any time. */
const askedEachTime: Keeping = { browserSeconds: 0, sharedSeconds: 0 };

const inLanguages = z.record(z.string(), z.string()).meta({ description: 'A text for each of `locales`' });

const carrierView = z
  .object({
    carrierId: z.string(),
    name: inLanguages,
    locales: z.array(z.string()).meta({ description: 'Languages as BCP 47 tags; an order can ask for one' }),
    defaultLocale: z.string(),
    timeZone: z.string().meta({ description: 'IANA; days in limits are of this zone' }),
    currency: z.string().meta({ description: 'Of all fares' }),
    salesOpenDays: z.int().meta({ description: 'How many days ahead runs usually are on sale' }),
    holdSeconds: z.int().meta({ description: 'How long an unpaid order keeps its seats' }),
    holdSecondsWhenSoon: z.int().meta({ description: 'The same if the run departs within `soonSeconds`' }),
    soonSeconds: z.int(),
    saleClosesSeconds: z.int().meta({ description: 'The sale ends so long before the departure' }),
    waitlist: z
      .object({
        cutOffMin: spanSchema,
        cutOffMax: spanSchema,
        cutOffUsual: spanSchema,
        entriesMax: z.int().meta({ description: 'The most entries that a user may have open at a time' }),
      })
      .optional()
      .meta({ description: 'The rules for who waits for seats; absent if there is no waitlist' }),
    documents: z.object({
      need: z.enum(['required', 'optional', 'not-asked']),
      kinds: z.array(z.string()),
    }),
    passengerTypes: z.array(
      z.object({
        type: z.string(),
        name: inLanguages,
        percentOfAdult: z.int().meta({ description: 'The share of the adult fare' }),
        reducedIn: z
          .object({
            classes: z.array(z.string()).optional(),
            dates: z
              .array(z.object({ from: z.string(), to: z.string() }))
              .optional()
              .meta({ description: 'As `MM-DD` of every year, both included; by the date of departure' }),
          })
          .optional()
          .meta({ description: 'Where the share counts; elsewhere such a passenger pays the adult fare' }),
        ages: z
          .object({ from: z.int().optional(), to: z.int().optional() })
          .optional()
          .meta({ description: 'Whole years on the day of departure, both included' }),
        agesByDocument: z
          .literal(true)
          .optional()
          .meta({ description: 'The document must tell the date of birth' }),
        onlyWith: z
          .array(z.string())
          .optional()
          .meta({ description: 'The order must have a passenger of one of these types' }),
        withoutSeat: z.literal(true).optional().meta({
          description: 'Travels on the lap of a passenger of `onlyWith`, who names them in `onLap`',
        }),
        perCompanion: z.int().optional().meta({
          description:
            'How many may travel with each passenger of `onlyWith`; one without a seat if it is absent',
        }),
        note: inLanguages.optional().meta({ description: 'What such a passenger must bring' }),
      }),
    ),
    contact: z
      .record(
        z.string(),
        z.object({
          postal: z.string().optional(),
          email: z.string().optional(),
          phone: z.string().optional(),
          url: z.string().optional(),
        }),
      )
      .optional()
      .meta({ description: 'How to reach the carrier, by language' }),
    colour: z.string().optional().meta({ description: 'As `#rrggbb`' }),
  })
  .meta({ id: 'Carrier' });

export const aboutRoutes = {
  greet: route({
    method: 'GET',
    path: '/',
    function: 'api/about/greet',
    caller: 'anyone',
    tag,
    summary: 'Welcome page with links: HTML for browsers, JSON for programs',
    success: {
      status: 200,
      description: 'The name, the version and links; HTML if `Accept` asks for it',
      mediaType: 'text/html',
      kept: askedEachTime,
      body: z.object({
        name: z.string(),
        description: z.string(),
        version: z.string(),
        links: z.object({ docs: z.string(), openapi: z.string(), health: z.string() }),
      }),
    },
    problems: [],
  }),
  getHealth: route({
    method: 'GET',
    path: '/v1/health',
    function: 'api/about/health',
    caller: 'anyone',
    tag,
    summary: 'Check that the API is up, and its version',
    success: {
      status: 200,
      description: 'The API is up',
      body: z.object({ status: z.literal('ok'), version: z.string() }),
    },
    problems: [],
  }),
  getCarrier: route({
    method: 'GET',
    path: '/v1/carrier',
    function: 'api/about/get-carrier',
    caller: 'anyone',
    tag,
    summary: 'Get the carrier: languages, currency, deadlines, passenger types and documents',
    success: {
      status: 200,
      description: 'The carrier',
      body: carrierView,
      // It changes with a deployment alone; an hour later everybody has noticed.
      kept: { browserSeconds: 3600, sharedSeconds: 3600 },
    },
    problems: [],
  }),
  getOpenApi: route({
    method: 'GET',
    path: '/v1/openapi.json',
    function: 'api/about/openapi',
    caller: 'anyone',
    tag,
    summary: 'Get this document: the API in OpenAPI 3.1',
    success: {
      status: 200,
      description: 'An OpenAPI 3.1 document',
      body: z.looseObject({ openapi: z.literal('3.1.0') }),
      kept: { browserSeconds: 300, sharedSeconds: 300 },
    },
    problems: [],
  }),
  getDocs: route({
    method: 'GET',
    path: '/docs',
    function: 'api/about/docs',
    caller: 'anyone',
    tag,
    summary: 'Read this document as a page and try the API',
    success: { status: 200, description: 'An HTML page', mediaType: 'text/html', kept: askedEachTime },
    problems: [],
  }),
  getDocsFile: route({
    method: 'GET',
    path: '/docs/{file}',
    function: 'api/about/docs',
    caller: 'anyone',
    tag,
    summary: 'Get a script or style sheet of the documentation page',
    pathParameters: z.object({ file: z.enum(docsFiles) }),
    success: {
      status: 200,
      description: 'The file',
      mediaType: '*/*',
      // The page asks for its files by version.
      kept: { browserSeconds: 86_400, sharedSeconds: 86_400 },
    },
    problems: [],
  }),
};

/**
 * API Gateway's `$default`: it answers every request that no route matches, also one with another method. It has no path
 * of its own, so it is not in the table of routes.
 */
export const fallbackRoute = route({
  method: 'GET',
  path: '/{proxy+}',
  function: 'api/about/not-found',
  caller: 'anyone',
  tag,
  summary: 'Answers every request that no route matches',
  success: { status: 204, description: 'To OPTIONS: the methods of the address, in `Allow`' },
  problems: ['not-found', 'method-not-allowed'],
});
