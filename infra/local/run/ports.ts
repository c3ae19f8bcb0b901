import { createServer } from 'node:net';

/** A port of the loopback that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject()));
    });
  });

/** Throws a one-line error with the remedy if something else already listens on the port. */
export const assertFree = (port: number, what: string, variable: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        new LocalRunError(
          error.code === 'EADDRINUSE'
            ? `port ${port} (${what}) is in use: stop what listens there, or set ${variable} to another port`
            : `port ${port} (${what}) cannot be used (${error.code}): set ${variable} to another port`,
        ),
      ),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });

/** A mistake that the person at the keyboard can correct: we show only its one line, without a stack. */
export class LocalRunError extends Error {
  override name = 'LocalRunError';
}
