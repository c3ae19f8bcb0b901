import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** The checkout this file stands in, wherever the command was called from. */
export const projectRoot = join(import.meta.dirname, '..', '..', '..');

const settingsSchema = z.object({ context: z.looseObject({ carrier: z.string().default('') }).prefault({}) });

/** What cdk.json says of a deployment where nobody says otherwise. */
const { context: settings } = settingsSchema.parse(
  JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')),
);

/**
 * The carrier that runs here: `KEYUN_CARRIER`, or the one of cdk.json. Empty if neither names one; the synthesis refuses
 * that.
 */
export const chosenCarrier = process.env['KEYUN_CARRIER'] || settings.carrier;

/** The folder in `folder` of the carrier that runs here. The one of cdk.json needs none of its own. */
export const ofCarrier = (folder: string): string =>
  chosenCarrier === settings.carrier ? folder : join(folder, 'carriers', chosenCarrier);

/** What `node infra/app.ts` synthesizes into. */
export const templatesFolder = ofCarrier(join(projectRoot, 'cdk.out'));
