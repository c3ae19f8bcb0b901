import { createHash } from 'node:crypto';

const hashSource = (content: string): string =>
  `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** Headers that allow the page's own style and nothing else, from no other host. */
export const quietPageHeaders = (style: string): Record<string, string> => ({
  'content-security-policy': `default-src 'none'; style-src ${hashSource(style)}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
});

/**
 * Headers that allow what the documentation page needs: scripts, styles and requests of its own host. The viewer sets
 * inline styles, and its style sheet contains its images.
 */
export const docsPageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};
