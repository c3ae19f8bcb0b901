import type { GateId, RunId, StopId, TicketId } from '../../shared/platform/ids.ts';
import { instantOf, millisecondsOf } from '../../shared/platform/time.ts';
import type { GateFolder, OwnUse } from './folder.ts';
import type { gateApi, ToldUse } from './gate-api.ts';

type Api = ReturnType<typeof gateApi>;

/** One request tells at most so many uses. */
const usesPerRequest = 200;

/** What became of a use that was told now. */
export type Told = ToldUse & { ticketId: TicketId };

/** After this, nobody boards a run any more, however late it is. */
const keptMilliseconds = 3 * 86_400_000;

/** Forgets the runs that are long past, and whose uses were all told. Returns whether it did. */
const isForgotten = (folder: GateFolder, runId: RunId, now: number): boolean => {
  const last = folder.run(runId)?.run.stops.at(-1);
  const isPast = last !== undefined && millisecondsOf(last.departs) + keptMilliseconds < now;
  if (!isPast || folder.untold().some((use) => use.runId === runId)) return false;
  folder.forget(runId);
  return true;
};

export type Synced = { told: Told[]; runs: { runId: RunId; tickets: number; ended: number }[] };

/**
 * Tells the uses of a gate, then fetches the keys and the manifest of each run. Each step is whole by itself, and the same
 * sync again tells no use twice: an answer that was lost is asked for again.
 */
export const syncFolder = async (
  folder: GateFolder,
  api: Api,
  { gateId, stopId, runIds }: { gateId: GateId; stopId: StopId; runIds: readonly RunId[] },
  machineClock: () => number,
): Promise<Synced> => {
  const { carrierId, keys } = await api.keys();
  const told = await tellUses(folder, api, machineClock);
  const runs: Synced['runs'] = [];
  let clockError = folder.settings()?.clockError ?? 0;
  let syncedAt = instantOf(machineClock());
  for (const runId of runIds) {
    const asked = machineClock();
    if (isForgotten(folder, runId, asked + clockError)) continue;
    const stored = await api.run(runId);
    // The manifest's time is that of the deployment when its first page was asked for.
    clockError = millisecondsOf(stored.asOf) - Math.round((asked + machineClock()) / 2);
    syncedAt = stored.asOf;
    folder.putSettings({ gateId, stopId, carrierId, keys, syncedAt, clockError });
    folder.putRun(stored);
    runs.push({ runId, tickets: stored.tickets.length, ended: stored.ended.length });
  }
  folder.putSettings({ gateId, stopId, carrierId, keys, syncedAt, clockError });
  return { told, runs };
};

const tellUses = async (folder: GateFolder, api: Api, machineClock: () => number): Promise<Told[]> => {
  const all: Told[] = [];
  const byRun = Map.groupBy(folder.untold(), ({ runId, gateId }) => JSON.stringify([runId, gateId]));
  for (const uses of byRun.values())
    for (let at = 0; at < uses.length; at += usesPerRequest)
      all.push(...(await tellSome(folder, api, uses.slice(at, at + usesPerRequest), machineClock)));
  return all;
};

const tellSome = async (
  folder: GateFolder,
  api: Api,
  uses: readonly OwnUse[],
  machineClock: () => number,
): Promise<Told[]> => {
  const [first] = uses;
  if (!first) return [];
  const { runId, gateId } = first;
  const answers = await api.tell({ runId, gateId }, instantOf(machineClock()), uses);
  return answers.flatMap((answer) => {
    const use = uses.find(({ useId }) => useId === answer.useId);
    if (!use) return [];
    folder.putTold(use.ticketId, answer);
    return [{ ...answer, ticketId: use.ticketId }];
  });
};
