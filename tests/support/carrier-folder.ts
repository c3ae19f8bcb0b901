import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { faultText } from '../../shared/carriers/faults.ts';
import { readCarrier } from '../../shared/carriers/read-carrier.ts';
import { carriersFolder } from '../../shared/platform/carrier-folder.ts';

type Profile = Record<string, unknown>;

export const shippedProfile = (name: string): Profile =>
  JSON.parse(readFileSync(join(carriersFolder, name, 'profile.json'), 'utf8')) as Profile;

/** A copy of `eu-coach` in a folder of its own, with these settings and files changed. */
export const changedCarrier = (
  settings: Profile = {},
  files: Readonly<Record<string, string | Buffer>> = {},
): string => {
  const folder = join(mkdtempSync(join(tmpdir(), 'keyun-carrier-')), 'changed');
  cpSync(join(carriersFolder, 'eu-coach'), folder, { recursive: true });
  const profile = { ...shippedProfile('eu-coach'), ...settings };
  const all = { 'profile.json': JSON.stringify(profile), ...files };
  for (const [file, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
};

/** The faults of a folder, a line each. */
export const faultLines = (folder: string): string[] => {
  const read = readCarrier(folder);
  return read.outcome === 'sound' ? [] : read.faults.map(faultText);
};
