import type { Deployment } from '../constructs/deployment.ts';

/** The page of an alarm: its address if the deployment says where the pages are, otherwise its path in the repository. */
export const runbookOf = (id: string, { docsUrl }: Deployment): string => {
  const path = `docs/runbooks/${id}.md`;
  return docsUrl ? `${docsUrl.replace(/\/$/, '')}/${path}` : path;
};
