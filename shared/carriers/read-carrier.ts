import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readLayoutsFile, noLayouts, type LayoutsFile } from '../feeds/read-layouts.ts';
import { problemList } from '../feeds/problems.ts';
import {
  assembleCarrier,
  carrierFiles,
  carrierFolderOf,
  textFilesOf,
  UnusableCarrier,
} from '../platform/carrier-folder.ts';
import type { Carrier } from '../platform/carrier.ts';
import { languages, localeSchema } from '../platform/locales.ts';
import { checkAfterSale } from './check-after-sale.ts';
import { checkLogo } from './check-logo.ts';
import { checkProfile } from './check-profile.ts';
import { checkTexts } from './check-texts.ts';
import { faultText, type Fault } from './faults.ts';
import { jsonOf } from './read-json.ts';

/** A carrier with the layouts of its trips; an operator's own file may define others. */
export type CarrierRead =
  { outcome: 'sound'; carrier: Carrier; layouts: LayoutsFile } | { outcome: 'faulty'; faults: Fault[] };

const strayFiles = (folder: string): Fault[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.') && !Object.values<string>(carrierFiles).includes(name))
    .map((file) => ({ file, path: '', message: 'has no effect: remove it' }));

const textFaults = (folder: string, locales: readonly string[]): Fault[] =>
  textFilesOf(folder).flatMap((name) => {
    const file = `${carrierFiles.texts}/${name}`;
    const locale = name.replace(/\.json$/, '');
    if (locale === name || !localeSchema.safeParse(locale).success)
      return [{ file, path: '', message: `must be named after a language: ${known('.json')}` }];
    if (!locales.includes(locale))
      return [{ file, path: '', message: `is never shown: ${locale} is not one of locales` }];
    const read = jsonOf(folder, file);
    return 'faults' in read ? read.faults : checkTexts(file, locale, read.json);
  });

const known = (ending: string): string => languages.map((locale) => locale + ending).join(', ');

const afterSaleFaults = (folder: string): Fault[] => {
  const file = carrierFiles.afterSale;
  if (!existsSync(join(folder, file))) return [];
  const read = jsonOf(folder, file);
  return 'faults' in read ? read.faults : checkAfterSale(file, read.json);
};

const localesIn = (json: unknown): readonly string[] => {
  const locales: unknown =
    typeof json === 'object' && json !== null ? Reflect.get(json, 'locales') : undefined;
  return Array.isArray(locales) ? locales.map(String) : [...languages];
};

const layoutsIn = (folder: string): { layouts: LayoutsFile; faults: Fault[] } => {
  const file = carrierFiles.layouts;
  if (!existsSync(join(folder, file))) return { layouts: noLayouts, faults: [] };
  const problems = problemList();
  const layouts = readLayoutsFile(file, readFileSync(join(folder, file), 'utf8'), problems) ?? noLayouts;
  return {
    layouts,
    faults: problems
      .byKind('refusal')
      .flatMap(({ listed }) => listed)
      .map(({ reason }) => ({ file, path: '', message: reason })),
  };
};

const logoFaults = (folder: string): Fault[] => {
  const path = join(folder, carrierFiles.logo);
  return existsSync(path) ? checkLogo(carrierFiles.logo, readFileSync(path)) : [];
};

/** Reads a carrier's folder, and finds every fault in it. */
export const readCarrier = (folder: string): CarrierRead => {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return { outcome: 'faulty', faults: [{ file: '', path: '', message: 'is not a folder' }] };
  const profile = jsonOf(folder, carrierFiles.profile);
  const { layouts, faults: ofLayouts } = layoutsIn(folder);
  const faults = [
    ...('faults' in profile ? profile.faults : checkProfile(carrierFiles.profile, profile.json)),
    ...afterSaleFaults(folder),
    ...textFaults(folder, 'json' in profile ? localesIn(profile.json) : languages),
    ...ofLayouts,
    ...logoFaults(folder),
    ...strayFiles(folder),
  ];
  return faults.length > 0
    ? { outcome: 'faulty', faults }
    : { outcome: 'sound', carrier: assembleCarrier(folder), layouts };
};

/** The carrier of this name. Throws `UnusableCarrier` if there is none, or with a line for each of its faults. */
export const soundCarrier = (name: string): Extract<CarrierRead, { outcome: 'sound' }> => {
  const read = readCarrier(carrierFolderOf(name));
  if (read.outcome === 'sound') return read;
  throw new UnusableCarrier(read.faults.map((fault) => `carriers/${name}/${faultText(fault)}`).join('\n'));
};
