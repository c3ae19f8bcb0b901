import { createHash } from 'node:crypto';

const hashSource = (content: string): string =>
  `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** Nothing but the page's own style, and no other host at all. */
export const quietPageHeaders = (style: string): Record<string, string> => ({
  'content-security-policy': `default-src 'none'; style-src ${hashSource(style)}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
});

/**
 * What the documentation page needs: scripts and styles of this very host, requests to it. The viewer sets styles on
 * elements as it draws, and its pictures are written in its style sheet.
 */
export const docsPageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
