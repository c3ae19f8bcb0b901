/**
 * The documentation page. Its addresses are relative, so it works below any path. It loads nothing from another host.
 */
export const docsPage = (version: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Keyun 客运 · API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css?v=${version}">
</head>
<body>
<div id="docs"></div>
<noscript>This page needs JavaScript. You can read the API document itself: <a href="v1/openapi.json">v1/openapi.json</a></noscript>
<script src="docs/swagger-ui-bundle.js?v=${version}"></script>
<script src="docs/initializer.js?v=${version}"></script>
</body>
</html>
`;

/**
 * Starts the viewer. It sends requests to the origin of the page: the browser would refuse them under another name of the
 * same host (localhost for 127.0.0.1). It does not validate the document, since that would send it to a public site.
 */
export const docsInitializer = `fetch('v1/openapi.json')
  .then((answer) => answer.json())
  .then((spec) => {
    spec.servers = [{ url: new URL('.', location.href).href.replace(/\\/$/, '') }];
    SwaggerUIBundle({
      spec,
      dom_id: '#docs',
      deepLinking: true,
      displayRequestDuration: true,
      persistAuthorization: true,
      tryItOutEnabled: true,
      validatorUrl: null,
      defaultModelsExpandDepth: 0,
    });
  })
  .catch((error) => {
    document.querySelector('#docs').textContent = 'We could not load the API document. Please reload the page. (' + error.message + ')';
  });
`;
