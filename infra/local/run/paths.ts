import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** The checkout that contains this file, from any working directory. */
export const projectRoot = join(import.meta.dirname, '..', '..', '..');

const settingsSchema = z.object({ context: z.looseObject({ carrier: z.string().default('') }).prefault({}) });

/** The settings of a deployment in cdk.json, which apply unless something overrides them. */
export const { context: writtenSettings } = settingsSchema.parse(
  JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')),
);

/**
 * The carrier of this run: `KEYUN_CARRIER`, or the one in cdk.json. Empty if neither names one, which the synthesis
 * refuses.
 */
export const chosenCarrier = process.env['KEYUN_CARRIER'] || writtenSettings.carrier;

/** The folder in `folder` for the carrier of this run. The carrier of cdk.json needs no folder of its own. */
export const ofCarrier = (folder: string): string =>
  chosenCarrier === writtenSettings.carrier ? folder : join(folder, 'carriers', chosenCarrier);

/** The folder into which `node infra/app.ts` synthesizes. */
export const templatesFolder = ofCarrier(join(projectRoot, 'cdk.out'));
