import type { Snapshot } from '../../shared/audit/model.ts';
import { readRunPart, type Reading } from '../../shared/audit/read-parts.ts';
import { joinParts, sortPartition } from '../../shared/audit/sort-items.ts';
import { scanSegment } from '../../shared/audit/store.ts';
import { readCancellations } from '../../shared/disruption/jobs-store.ts';
import { shardOfKey } from '../../shared/inventory/store.ts';
import type { Item, Table } from '../../shared/platform/dynamo.ts';

const everything = async (table: Table): Promise<Item[]> =>
  (await Array.fromAsync(scanSegment(table, { segment: 0, total: 1 }))).flat();

/** All of a small world at one moment, for `audit`: nothing else may be going on in it meanwhile. */
export const takeSnapshot = async (reading: Reading): Promise<Snapshot> => {
  const keys = (await everything(reading.inventory)).map(({ pk }) => shardOfKey(String(pk)));
  const runs = [...Map.groupBy(keys, ({ runId }) => runId)];
  const partitions = Map.groupBy(await everything(reading.bookings), ({ pk }) => String(pk));
  const parts = joinParts([...partitions].map(([pk, items]) => sortPartition(pk, items)));
  if (parts.unreadable.length > 0) throw new Error(parts.unreadable.map(({ what }) => what).join('\n'));
  return {
    ...parts,
    now: reading.clock(),
    cancellations: await readCancellations(
      reading.bookings,
      runs.map(([runId]) => runId),
    ),
    runs: await Promise.all(runs.map(([runId, seen]) => readRunPart(reading, runId, seen))),
  };
};
