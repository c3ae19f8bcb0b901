import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalRunError } from './ports.ts';

/**
 * Locks a data folder for this process alone, or throws a one-line error. The lock is a socket that listens: a killed
 * process stops listening, so it leaves nothing behind that looks like a living owner.
 */
export const lockData = async (dataDir: string): Promise<() => Promise<void>> => {
  const hash = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 24);
  // Not inside the folder: the path of a socket may have only about a hundred characters.
  const path = join(tmpdir(), `keyun-${hash}.sock`);
  let server: Server;
  try {
    server = await listen(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (await answers(path))
      throw new LocalRunError(
        `a local run uses ${dataDir} already: stop it, or set KEYUN_DATA_DIR to another folder`,
      );
    rmSync(path, { force: true });
    server = await listen(path);
  }
  return () => new Promise((resolve) => void server.close(() => resolve()));
};

const listen = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    // The other side may disconnect before we answer.
    const server = createServer((socket) => socket.on('error', () => undefined).end());
    server.on('error', reject);
    server.listen(path, () => resolve(server));
  });

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
