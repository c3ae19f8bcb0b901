import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';

/**
 * Reads the zip in a file, which may have other content before the zip. The library's own reader of files fails with an error
 * that nobody can catch if a stream ends early while another waits.
 */
export class ZipReader extends yauzl.RandomAccessReader {
  readonly #path: string;
  readonly #skipped: number;

  constructor(path: string, skipped = 0) {
    super();
    this.#path = path;
    this.#skipped = skipped;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.#path, { start: start + this.#skipped, end: end + this.#skipped - 1 });
  }
}
