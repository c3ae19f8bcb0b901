import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { useSchema } from '../../shared/check-ins/model.ts';
import { checkInRulesSchema } from '../../shared/platform/after-sale/check-in-rules.ts';
import {
  gateIdSchema,
  runIdSchema,
  stopIdSchema,
  ticketIdSchema,
  useIdSchema,
  type RunId,
  type TicketId,
} from '../../shared/platform/ids.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { CommandFailure } from '../connect.ts';

/*
 * The folder of a gate:
 *   gate.json               who it is, the keys, and how wrong its clock was at the last sync
 *   runs/<run>.json         the manifest of each run
 *   uses/<ticket>.json      each passenger whom it has let in; the file is made once, so that a ticket is used once
 *   told/<ticket>.json      what became of that use when it was told
 */

const settingsSchema = z.object({
  gateId: gateIdSchema,
  stopId: stopIdSchema,
  carrierId: z.string(),
  keys: z.array(z.object({ keyId: z.string(), publicKey: z.string() })),
  syncedAt: instantSchema,
  /** To be added to this machine's clock, in milliseconds. */
  clockError: z.int(),
});
export type Settings = z.infer<typeof settingsSchema>;

const endedSchema = z.object({
  ticketId: ticketIdSchema,
  state: z.enum(['refunded', 'exchanged', 'released']),
});

const listedSchema = z.object({
  ticketId: ticketIdSchema,
  coach: z.string(),
  seat: z.string().nullable(),
  checkIn: useSchema.optional(),
});

/** The manifest of a run, all its pages in one. */
export const storedRunSchema = z.object({
  asOf: instantSchema,
  run: z.object({
    runId: runIdSchema,
    trip: z.string(),
    state: z.enum(['open', 'closed']),
    delayMinutes: z.int().nonnegative(),
    stops: z.array(
      z.object({
        stopId: stopIdSchema,
        name: z.string(),
        timeZone: z.string(),
        departs: instantSchema,
        boarding: z.boolean(),
      }),
    ),
  }),
  rules: checkInRulesSchema.nullable(),
  ended: z.array(endedSchema),
  tickets: z.array(listedSchema),
});
export type StoredRun = z.infer<typeof storedRunSchema>;

/** A use as this gate remembers it, by its own clock. */
const ownUseSchema = z.object({
  ticketId: ticketIdSchema,
  useId: useIdSchema,
  code: z.string(),
  runId: runIdSchema,
  stopId: stopIdSchema,
  gateId: gateIdSchema,
  /** By this machine's clock, whose error the next sync tells. */
  at: instantSchema,
  /** The same without the error that was known then. */
  shownAt: instantSchema,
});
export type OwnUse = z.infer<typeof ownUseSchema>;

/** Writes a file so that a kill or a power cut leaves the old one or the new one. */
const writeWhole = (file: string, content: unknown, put: (from: string, to: string) => void): void => {
  const draft = `${file}.${randomUUID()}.new`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(handle, `${JSON.stringify(content)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  put(draft, file);
};

const readWhole = <Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> | undefined => {
  if (!existsSync(file)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new CommandFailure(`${file} cannot be read: remove it and run keyun gate sync`);
  }
};

/** A run's id may be longer than a file's name. */
const nameOfRun = (runId: RunId): string =>
  runId.length <= 100 ? runId : createHash('sha256').update(runId).digest('hex');

/** Opens the folder of a gate; nothing is made before something is stored. */
export const openFolder = (folder: string) => {
  const settingsFile = join(folder, 'gate.json');
  const fileOf = (kind: 'runs' | 'uses' | 'told', name: string) => join(folder, kind, `${name}.json`);
  const namesIn = (kind: 'runs' | 'uses'): string[] =>
    existsSync(join(folder, kind))
      ? readdirSync(join(folder, kind)).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []))
      : [];
  const readUse = (ticketId: string): OwnUse | undefined => readWhole(fileOf('uses', ticketId), ownUseSchema);
  const replace = (file: string, content: unknown): void => writeWhole(file, content, renameSync);

  return {
    settings: (): Settings | undefined => readWhole(settingsFile, settingsSchema),
    putSettings: (settings: Settings): void => {
      for (const kind of ['runs', 'uses', 'told']) mkdirSync(join(folder, kind), { recursive: true });
      replace(settingsFile, settings);
    },
    run: (runId: RunId): StoredRun | undefined =>
      readWhole(fileOf('runs', nameOfRun(runId)), storedRunSchema),
    runs: (): StoredRun[] =>
      namesIn('runs').flatMap((name) => readWhole(fileOf('runs', name), storedRunSchema) ?? []),
    putRun: (stored: StoredRun): void => replace(fileOf('runs', nameOfRun(stored.run.runId)), stored),
    use: (ticketId: TicketId): OwnUse | undefined => readUse(ticketId),
    /** Remembers a use; false if this gate has let somebody in with the ticket before, also at this very moment. */
    remember: (use: OwnUse): boolean => {
      try {
        writeWhole(fileOf('uses', use.ticketId), use, (from, to) => {
          try {
            linkSync(from, to);
          } finally {
            unlinkSync(from);
          }
        });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      }
    },
    /** The uses that were not told yet. */
    untold: (): OwnUse[] =>
      namesIn('uses')
        .filter((ticketId) => !existsSync(fileOf('told', ticketId)))
        .flatMap((ticketId) => readUse(ticketId) ?? []),
    putTold: (ticketId: TicketId, answer: object): void => replace(fileOf('told', ticketId), answer),
    /** Removes a run and its uses, which were all told: codes say something of their passengers. */
    forget: (runId: RunId): void => {
      for (const ticketId of namesIn('uses'))
        if (readUse(ticketId)?.runId === runId)
          for (const kind of ['uses', 'told'] as const) rmSync(fileOf(kind, ticketId), { force: true });
      rmSync(fileOf('runs', nameOfRun(runId)), { force: true });
    },
  };
};

export type GateFolder = ReturnType<typeof openFolder>;
