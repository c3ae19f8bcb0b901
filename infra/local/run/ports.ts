import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * The ports that `freePort` chooses from. They are below those that Linux (from 32768), macOS and Windows (from 49152)
 * give to connections that ask for no port: one of these may take a port between our look and its use.
 */
const chosenPorts = { first: 20_000, last: 32_767 };

/** A port of the loopback that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(chosenPorts.first, chosenPorts.last + 1);
    if (await isFree(port)) return port;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
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
