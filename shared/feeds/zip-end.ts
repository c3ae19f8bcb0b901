import type { FileHandle } from 'node:fs/promises';

/** Signatures and sizes of the parts of a zip (source: PKWARE, APPNOTE 4.3). */
const [endSignature, entrySignature] = ['PK\u{5}\u{6}', 'PK\u{1}\u{2}'].map((text) =>
  Buffer.from(text, 'latin1'),
) as [Buffer, Buffer];
const endBytes = 22;
/** Larger zips have this value here, and their numbers elsewhere. */
const elsewhere = 0xffffffff;

/** Servers and mail programs append line breaks, rarely more. A comment has at most 64 KB. */
const searchedBytes = 1024 ** 2;

/** The place of a zip in its file: after `skipped` bytes, and of this size. */
export type ZipPlace = { skipped: number; size: number };

/**
 * Finds a zip in a file, whatever comes before its beginning or after its end, as unzip does. Undefined if there is
 * none.
 */
export const endOfZip = async (file: FileHandle, fileSize: number): Promise<ZipPlace | undefined> => {
  const start = Math.max(0, fileSize - searchedBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(fileSize - start), 0, fileSize - start, start);
  const tail = buffer.subarray(0, bytesRead);
  let at = tail.lastIndexOf(endSignature);
  while (at >= 0) {
    const place = at + endBytes <= tail.length ? await placeOf(file, tail, at, start) : undefined;
    if (place) return place;
    at = at > 0 ? tail.lastIndexOf(endSignature, at - 1) : -1;
  }
  return undefined;
};

const placeOf = async (
  file: FileHandle,
  tail: Buffer,
  at: number,
  start: number,
): Promise<ZipPlace | undefined> => {
  const [entries, listBytes, listAt] = [
    tail.readUInt16LE(at + 10),
    tail.readUInt32LE(at + 12),
    tail.readUInt32LE(at + 16),
  ];
  const end = at + endBytes + tail.readUInt16LE(at + 20);
  if (end > tail.length || entries === 0) return undefined;
  if (listAt === elsewhere || listBytes === elsewhere) return { skipped: 0, size: start + end };
  const skipped = start + at - listBytes - listAt;
  if (skipped < 0) return undefined;
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, skipped + listAt);
  return buffer.equals(entrySignature) ? { skipped, size: start + end - skipped } : undefined;
};
