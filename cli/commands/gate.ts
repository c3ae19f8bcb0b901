import type { Command } from 'commander';
import { machineMilliseconds } from '../../shared/platform/clock.ts';
import { environment } from '../../shared/platform/config.ts';
import { gateIdSchema, runIdSchema, stopIdSchema, type RunId } from '../../shared/platform/ids.ts';
import { usesStack } from '../choose-environment.ts';
import { CommandFailure } from '../connect.ts';
import { openFolder, type GateFolder } from '../gate/folder.ts';
import { gateApi } from '../gate/gate-api.ts';
import { syncFolder, type Synced } from '../gate/sync.ts';
import { lineOf, scanOffline } from '../gate/verify.ts';
import { print, printJson, reportFailure } from '../run-command.ts';

type SyncFlags = {
  folder: string;
  run: string[];
  gate?: string;
  stop?: string;
  api?: string;
  token?: string;
  json?: boolean;
};
type VerifyFlags = { folder: string; run?: string; stop?: string; json?: boolean };

const collect = (value: string, before: string[]): string[] => [...before, value];

export const register = (program: Command): void => {
  const gate = program.command('gate').description('a gate that may lose its network');
  gate
    .command('sync')
    .description('tell the uses of tickets, and fetch keys and tickets of runs into a folder')
    .requiredOption('--folder <folder>', 'the folder of this gate')
    .option(
      '--run <runId>',
      'a run that boards here; say it once for each, and those of before are kept',
      collect,
      [],
    )
    .option('--gate <name>', 'the name of this gate, such as north-3; kept in the folder')
    .option('--stop <stopId>', 'the stop where it stands; kept in the folder')
    .option('--api <address>', 'the address of the API, where this machine knows no deployment')
    .option('--token <accessToken>', 'the access token of a member of the group gates')
    .option('--json', 'print what was done as JSON')
    .action((flags: SyncFlags) => telling(() => sync(flags)));
  gate
    .command('verify')
    .description('decide about a ticket by the folder alone, and remember that it was used')
    .argument('<code>', 'the text of the ticket’s symbol')
    .requiredOption('--folder <folder>', 'the folder of this gate')
    .option('--run <runId>', 'let in for this run alone')
    .option('--stop <stopId>', 'the stop, if it is another one than at the sync')
    .option('--json', 'print the decision as JSON')
    .action((code: string, flags: VerifyFlags) => telling(() => verify(code, flags)));
};

const telling = async (work: () => Promise<void> | void): Promise<void> => {
  try {
    await work();
  } catch (error) {
    reportFailure(error);
  }
};

const idIn = <Value>(
  schema: {
    safeParse: (text: string) => {
      success: boolean;
      data?: Value;
      error?: { issues: { message: string }[] };
    };
  },
  option: string,
  text: string | undefined,
): Value | undefined => {
  if (text === undefined) return undefined;
  const read = schema.safeParse(text);
  if (read.success) return read.data;
  throw new CommandFailure(`${option} ${read.error?.issues[0]?.message ?? 'is not valid'}`);
};

const sync = async (flags: SyncFlags): Promise<void> => {
  const folder = openFolder(flags.folder);
  const before = folder.settings();
  const gateId = idIn(gateIdSchema, '--gate', flags.gate) ?? before?.gateId;
  const stopId = idIn(stopIdSchema, '--stop', flags.stop) ?? before?.stopId;
  if (!gateId || !stopId) throw new CommandFailure('a new folder needs --gate and --stop');
  const runIds = runsOf(folder, flags.run);
  if (runIds.length === 0) throw new CommandFailure('a new folder needs a run: --run G1~2026-12-01');
  const api = gateApi({ address: addressOf(flags), token: await tokenOf(flags) });
  const synced = await syncFolder(folder, api, { gateId, stopId, runIds }, machineMilliseconds);
  if (flags.json) printJson(synced);
  else printSynced(synced);
};

const runsOf = (folder: GateFolder, named: readonly string[]): RunId[] => {
  const wanted = named.flatMap((text) => idIn(runIdSchema, '--run', text) ?? []);
  return [...new Set([...folder.runs().map(({ run }) => run.runId), ...wanted])];
};

const addressOf = ({ api }: SyncFlags): string => {
  const address = api ?? environment().PUBLIC_URL;
  if (address === undefined)
    throw new CommandFailure('name the API: --api https://…, or --stack, or start Keyun here (npm start)');
  return address.replace(/\/$/, '');
};

/** A run on this machine makes the token of a gate itself. */
const tokenOf = async ({ token, api }: SyncFlags): Promise<string> => {
  if (token !== undefined) return token;
  if (usesStack() || api !== undefined)
    throw new CommandFailure('pass the access token of a member of the group gates with --token');
  const { dataDirectory, readEndpoints } = await import('../../infra/local/run/data-dir.ts');
  const { tokenFor } = await import('../../infra/local/identity/issue-tokens.ts');
  const dataDir = dataDirectory();
  const { signIn, clientId } = readEndpoints(dataDir);
  return tokenFor(dataDir, { issuer: signIn, clientId, email: 'gate@keyun.local', groups: ['gates'] });
};

const printSynced = ({ told, runs }: Synced): void => {
  const recorded = told.filter(({ became }) => became === 'recorded').length;
  print(`told ${told.length} uses, ${recorded} of them as they should be`);
  for (const { ticketId, became, reason, firstUse } of told) {
    if (became === 'recorded') continue;
    const first = firstUse ? `, first at ${firstUse.at} by the gate ${firstUse.gateId}` : '';
    print(`  ${ticketId}  ${became}: ${reason}${first}`);
  }
  for (const { runId, tickets, ended } of runs)
    print(`${runId}  ${tickets} tickets, ${ended} that are not valid any more`);
};

const verify = (code: string, { folder: path, run, stop, json = false }: VerifyFlags): void => {
  const folder = openFolder(path);
  const settings = folder.settings();
  if (!settings) throw new CommandFailure(`${path} is no folder of a gate: run keyun gate sync first`);
  const stopId = idIn(stopIdSchema, '--stop', stop) ?? settings.stopId;
  const scanned = scanOffline(
    folder,
    { ...settings, stopId },
    { code: code.trim(), onlyRun: idIn(runIdSchema, '--run', run), machineTime: machineMilliseconds() },
  );
  const stops = folder.runs().flatMap((stored) => stored.run.stops);
  const timeZone = stops.find((each) => each.stopId === stopId)?.timeZone ?? 'UTC';
  if (json) printJson(scanned);
  else print(lineOf(scanned, timeZone));
  if (scanned.outcome === 'rejected') process.exitCode = 1;
};
