import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Appends to a file of limited size: a file that would exceed `bytesMax` becomes `.1` and replaces the previous `.1`. A
 * full disk stops only the log.
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
      // This is the log itself, so there is no other place to report that it cannot be written.
    }
  };
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
