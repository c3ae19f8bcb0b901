import { join } from 'node:path';

/** The checkout this file stands in, wherever the command was called from. */
export const projectRoot = join(import.meta.dirname, '..', '..', '..');

/** What `node infra/app.ts` synthesizes into. */
export const templatesFolder = join(projectRoot, 'cdk.out');
