import { basename, dirname } from 'node:path';
import { checkAfterSale } from './check-after-sale.ts';
import { checkProfile } from './check-profile.ts';
import type { Fault } from './faults.ts';
import { jsonOf } from './read-json.ts';

/**
 * Every fault of one file with settings or rules, in or outside of a carrier's folder. Only the rules for what comes after
 * the sale have versions, so the file may have any name.
 */
export const checkFile = (path: string): Fault[] => {
  const file = basename(path);
  const read = jsonOf(dirname(path), file);
  if ('faults' in read) return read.faults;
  const { json } = read;
  const isRules = typeof json === 'object' && json !== null && 'versions' in json;
  return isRules ? checkAfterSale(file, json) : checkProfile(file, json);
};
