import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembleCarrier, carrierFolderOf } from './carrier-folder.ts';
import { carrierSchema, type Carrier } from './carrier.ts';
import { required } from './config.ts';

/** Synthesis writes the chosen carrier into this file, beside each bundled function (infra/bundle.ts). */
const bundledFile = join(import.meta.dirname, 'carrier.json');

let known: Carrier | undefined;

/** The carrier of this deployment. A function finds it in its bundle; the command line reads its folder in the checkout. */
export const carrier = (): Carrier => (known ??= read(required('KEYUN_CARRIER')));

const read = (name: string): Carrier => {
  if (!existsSync(bundledFile)) return assembleCarrier(carrierFolderOf(name));
  const bundled = carrierSchema.parse(JSON.parse(readFileSync(bundledFile, 'utf8')));
  if (bundled.carrierId === name) return bundled;
  throw new Error(`this function was bundled for the carrier ${bundled.carrierId}, not for ${name}`);
};
