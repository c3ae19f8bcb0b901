import { crc32 } from 'node:zlib';

/**
 * The bytes of an entry of a zip, whose library does not verify the checksum: a changed bit could become another departure time,
 * or another amount. Throws what `damaged` makes if the entry cannot be unpacked to its end, or its checksum is another.
 */
export async function* checkedBytes(
  chunks: AsyncIterable<Buffer>,
  checksum: number,
  damaged: (how: string, cause?: unknown) => Error,
): AsyncGenerator<Buffer> {
  let sum = 0;
  const unpacking = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await unpacking.next().catch((cause: unknown) => {
        throw damaged('it cannot be unpacked', cause);
      });
      if (next.done) break;
      sum = crc32(next.value, sum);
      yield next.value;
    }
  } finally {
    await unpacking.return?.();
  }
  if (sum !== checksum) throw damaged('its checksum is wrong');
}
