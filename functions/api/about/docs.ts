import { gzipSync } from 'node:zlib';
import viewer from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'text' };
import style from 'swagger-ui-dist/swagger-ui.css' with { type: 'text' };
import { apiHandler, sent } from '../../middleware/api-handler.ts';
import { docsInitializer, docsPage } from '../../pages/docs-page.ts';
import { docsPageHeaders } from '../../pages/page-headers.ts';
import { aboutRoutes, type docsFiles } from '../../routes/about.ts';
import { version } from '../../version.ts';

type DocsFile = (typeof docsFiles)[number];

const files: Readonly<Record<DocsFile, { contentType: string; text: string }>> = {
  'swagger-ui-bundle.js': { contentType: 'text/javascript; charset=utf-8', text: viewer },
  'swagger-ui.css': { contentType: 'text/css; charset=utf-8', text: style },
  'initializer.js': { contentType: 'text/javascript; charset=utf-8', text: docsInitializer },
};

/** Compressed once in each process: the viewer has 1.7 MB, and an HTTP API compresses nothing itself. */
const compressed = new Map<DocsFile, Buffer>();

const compressedFile = (file: DocsFile): Buffer => {
  const found = compressed.get(file) ?? gzipSync(files[file].text);
  compressed.set(file, found);
  return found;
};

const page = apiHandler(aboutRoutes.getDocs, async () =>
  sent('text/html; charset=utf-8', docsPage(version), { ...docsPageHeaders }),
);

const file = apiHandler(aboutRoutes.getDocsFile, async ({ path, headers }) => {
  const { contentType, text } = files[path.file];
  const vary = 'accept-encoding';
  return /\bgzip\b/.test(headers['accept-encoding'] ?? '')
    ? sent(contentType, compressedFile(path.file), { vary, 'content-encoding': 'gzip' })
    : sent(contentType, text, { vary });
});

/** `GET /docs` and `GET /docs/{file}` share one function: they need the same files. */
export const handler: typeof page = (event, context) =>
  event.pathParameters?.file === undefined ? page(event, context) : file(event, context);
