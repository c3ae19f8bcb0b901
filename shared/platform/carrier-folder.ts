import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { carrierSchema, type Carrier } from './carrier.ts';

/** The folder of all carriers, in the checkout. */
export const carriersFolder = join(import.meta.dirname, '..', '..', 'carriers');

/** The files and folders that a carrier's folder may hold. */
export const carrierFiles = {
  profile: 'profile.json',
  afterSale: 'after-sale.json',
  layouts: 'layouts.json',
  logo: 'logo.png',
  texts: 'texts',
  demo: 'demo',
  readme: 'README.md',
} as const;

/** The names of the carriers: all folders that have a profile. */
export const carrierNames = (): string[] =>
  readdirSync(carriersFolder)
    .filter((name) => existsSync(join(carriersFolder, name, carrierFiles.profile)))
    .sort();

/** A carrier that cannot be used. The message is for the person who chose it: one line for each reason. */
export class UnusableCarrier extends Error {
  override name = 'UnusableCarrier';
}

/** The folder of the carrier with this name. Throws `UnusableCarrier`, which lists all names, if there is none. */
export const carrierFolderOf = (name: string): string => {
  if (carrierNames().includes(name)) return join(carriersFolder, name);
  throw new UnusableCarrier(`there is no carrier "${name}": choose one of ${carrierNames().join(', ')}`);
};

/** The files with a carrier's own texts. Each is named after its language. */
export const textFilesOf = (folder: string): string[] => {
  const texts = join(folder, carrierFiles.texts);
  return existsSync(texts) ? readdirSync(texts).sort() : [];
};

const jsonOf = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));

/**
 * Reads a carrier from its folder. Throws if a file does not fit its schema; `npm run -s keyun -- carrier check` explains
 * all faults in plain words.
 */
export const assembleCarrier = (folder: string): Carrier => {
  const logo = join(folder, carrierFiles.logo);
  const afterSale = existsSync(join(folder, carrierFiles.afterSale));
  const texts = textFilesOf(folder).map((file) => [
    basename(file, '.json'),
    jsonOf(folder, carrierFiles.texts, file),
  ]);
  return carrierSchema.parse({
    carrierId: basename(folder),
    ...(jsonOf(folder, carrierFiles.profile) as object),
    ...(afterSale && { afterSale: jsonOf(folder, carrierFiles.afterSale) }),
    ...(texts.length > 0 && { texts: Object.fromEntries(texts) as unknown }),
    ...(existsSync(logo) && { logo: readFileSync(logo).toString('base64') }),
  });
};
