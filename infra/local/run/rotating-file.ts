import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Appends to a file that has an end: what would grow beyond `bytesMax` becomes `.1`, and what was `.1` is gone. A disk
 * that takes no more ends nothing but the log.
 */
export const openRotating = (file: string, bytesMax: number): ((text: string) => void) => {
  mkdirSync(dirname(file), { recursive: true });
  let bytes = sizeOf(file);
  return (text) => {
    const added = Buffer.byteLength(text);
    try {
      if (bytes > 0 && bytes + added > bytesMax) {
        renameSync(file, `${file}.1`);
        bytes = 0;
      }
      appendFileSync(file, text);
      bytes += added;
    } catch {
      // Where it could be said that nothing can be said is here.
    }
  };
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
