import { stat } from 'node:fs/promises';
import { openFolder } from './open-folder.ts';
import { openZip } from './open-zip.ts';
import type { FeedFiles } from './feed-files.ts';
import { UnreadableFile } from './problems.ts';

/** Opens a GTFS feed: a zip or a folder. Throws UnreadableFile with the reason if it is neither. */
export const openFeed = async (path: string): Promise<FeedFiles> => {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UnreadableFile(path, undefined, 'there is no such file or folder');
  return found.isDirectory() ? openFolder(path) : openZip(path, found.size);
};
