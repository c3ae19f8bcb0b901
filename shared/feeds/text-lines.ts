import type { Readable } from 'node:stream';
import { UnreadableFile } from './problems.ts';

/** A longer line is not a row of a table. */
const lineLengthMax = 256 * 1024;

/** We report an error of the disk or of a damaged zip as a fault of the file. */
async function* chunksOf(file: string, stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw cause;
    const error = new UnreadableFile(file, undefined, 'cannot be read to its end');
    error.cause = cause;
    throw error;
  }
}

/** Only a byte order mark proves another encoding than UTF-8. */
const encodingOf = (chunk: Uint8Array): string => {
  const [a, b] = chunk;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
};

/**
 * The lines of a text file, in batches, without byte order mark and line ends: of UTF-8, or of UTF-16 with its mark. A
 * line ends with LF, CR or both, so that line numbers match those of an editor. Bytes that are not text become U+FFFD.
 */
export async function* linesOf(file: string, stream: Readable): AsyncGenerator<string[]> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let carried = '';
  for await (const chunk of chunksOf(file, stream)) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    const text = carried + decoder.decode(chunk, { stream: true });
    // The next chunk may begin with the other half of a CRLF.
    const isHalf = text.endsWith('\r');
    const lines = (isHalf ? text.slice(0, -1) : text).split(/\r\n|[\r\n]/);
    carried = (lines.pop() ?? '') + (isHalf ? '\r' : '');
    if (carried.length > lineLengthMax) {
      throw new UnreadableFile(
        file,
        undefined,
        `has a line of more than ${lineLengthMax} characters: is it a table?`,
      );
    }
    yield lines;
  }
  const rest = carried + (decoder?.decode() ?? '');
  yield rest.split(/\r\n|[\r\n]/);
}
