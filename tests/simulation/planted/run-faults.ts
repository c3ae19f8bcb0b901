import type { PlantedFault } from './model.ts';

const changes = 'tests/integration/run-changes.test.ts';
const closing = 'tests/integration/runs-closed-for-good.test.ts';
const orders = 'tests/integration/orders-of-changing-runs.test.ts';
const notes = 'tests/integration/run-notes.test.ts';
const search = 'tests/integration/search-and-sale.test.ts';

const changeRun = 'shared/runs/change-run.ts';
const changeStore = 'shared/timetable/change-store.ts';
const closeStore = 'shared/inventory/close-store.ts';

/**
 * What lets runs follow the timetable (T22, T24 to T28) without a seat of before in a run of after. Most of it stands
 * against races of three, which a seed meets in one of thousands of worlds: those have a test that plays them.
 */
export const runFaults: readonly PlantedFault[] = [
  {
    name: 'T24: changes have no numbers of their own',
    file: changeStore,
    code: "'SET changes = if_not_exists(changes, :none) + :one, changing = if_not_exists(changes, :none) + :one'",
    becomes: "'SET changes = if_not_exists(changes, :none) + :one, changing = :one + :none'",
    test: changes,
  },
  {
    name: 'T24: a closed run begins to change',
    file: changeStore,
    code: "clause('#state = :open',",
    becomes: "clause('#state = :open OR NOT #state = :open',",
    test: closing,
  },
  {
    name: 'T25: a shard that nobody has touched is not closed',
    file: closeStore,
    code: '(await putClosed(inventory, key, untouchedShard(seatCount, stopCount), closed));',
    becomes:
      '(attempt < 0 ? await putClosed(inventory, key, untouchedShard(1, 2), 0) : untouchedShard(seatCount, stopCount));',
    test: changes,
  },
  {
    name: 'T25: an earlier change closes over a later one',
    file: closeStore,
    code: "'attribute_not_exists(closed) OR closed < :closed',",
    becomes: "'attribute_not_exists(closed) OR NOT closed = :closed',",
    test: changes,
  },
  {
    name: 'T26: a change that was overtaken ends all the same',
    file: changeStore,
    code: 'onlyIf: [isOfGeneration(run), isChangedBy(changing)],',
    becomes: 'onlyIf: [isOfGeneration(run), ...(isChangedBy(changing) ? [] : [])],',
    test: changes,
  },
  {
    name: 'T26: the seats are looked at before they are closed',
    file: changeRun,
    code: 'const shards = await closeShards(inventory, run, changing);',
    becomes:
      'const shards = (await readShards(inventory, shardsOfRun(run).map(({ key }) => key))).filter((shard) => shard !== undefined);\n  await closeShards(inventory, run, changing);',
    test: changes,
  },
  {
    name: 'T26: it does not matter who has seats',
    file: changeRun,
    code: 'if (!shards.some(isOwned)) {',
    becomes: 'if (!shards.every(isOwned)) {',
    test: changes,
  },
  {
    name: 'T27: the shards are opened before the change is given up',
    file: changeRun,
    code: 'const abandoned = await abandonChange(timetable, run, changing);',
    becomes:
      'await inTurn(shardsOfRun(run), ({ key }) => reopenShard(inventory, key, changing));\n  const abandoned = await abandonChange(timetable, run, changing);',
    test: changes,
  },
  {
    name: 'T28: a shard is opened whoever has closed it',
    file: closeStore,
    code: "clause('closed = :closed',",
    becomes: "clause('closed = :closed OR NOT closed = :closed',",
    test: changes,
  },
  {
    name: 'T28: the run is read before its shards',
    file: changeRun,
    code: '  const keys = shardsOfRun(seen).map(({ key }) => key);',
    becomes:
      '  const run = await readFrozenRun(timetable, seen.runId, { consistent: true });\n  const keys = shardsOfRun(seen).map(({ key }) => key);',
    also: [
      {
        file: changeRun,
        code: '  if (closed.length === 0) return;\n  const run = await readFrozenRun(timetable, seen.runId, { consistent: true });\n',
        becomes: '  if (closed.length === 0) return;\n',
      },
    ],
    test: changes,
  },
  {
    name: 'T28: shards of a generation that was left are opened',
    file: 'shared/runs/rules.ts',
    code: "run?.generation === generation && run.state === 'open'",
    becomes: "(run?.generation ?? generation) >= generation && run?.state === 'open'",
    test: changes,
  },
  {
    name: 'T28: the clean-up opens nothing',
    file: changeRun,
    code: '  if (seen.changes === 0) return;',
    becomes: '  if (seen.changes >= 0) return;',
    test: changes,
  },
  {
    name: 'T22: the shards of the generation that was read are closed',
    file: 'shared/runs/close-run.ts',
    code: 'await closeShards(inventory, closed.run, closedForGood);',
    becomes: 'await closeShards(inventory, current, closedForGood);',
    test: closing,
  },
  {
    name: 'a shard has the same key in every generation',
    file: 'shared/inventory/store.ts',
    code: "`${runId}#${cls}#${shard}${generation === 1 ? '' : `#${generation}`}`",
    becomes: "`${runId}#${cls}#${shard}${generation >= 1 ? '' : `#${generation}`}`",
    test: orders,
  },
  {
    name: 'an order is drafted from its own copy of the run',
    file: 'shared/selling/place-order.ts',
    code: 'const run = terms.frozen ? terms.run : await freezeRun(timetable, terms.run);',
    becomes: 'const run = terms.run;\n  if (!terms.frozen) await freezeRun(timetable, terms.run);',
    test: orders,
  },
  {
    name: 'an order is drafted for the stops of another run than it freezes',
    file: 'shared/selling/place-order.ts',
    code: 'if (run.version !== terms.run.version || run.generation !== terms.run.generation)',
    becomes: 'if (run.generation < terms.run.generation)',
    test: orders,
  },
  {
    name: 'a hold that meets a change is sold out',
    file: 'shared/selling/place-order.ts',
    code: "if (hold.reason === 'closed') return rejected('run-changes');",
    becomes: "if (hold.reason === 'closed') return rejected('sold-out');",
    test: orders,
  },
  {
    name: 'T10: late money that meets a change goes back',
    file: 'shared/paying/decide-use.ts',
    code: "return run?.state === 'open' && same;",
    becomes: "return run?.state === 'open' && same && run.changing === undefined;",
    test: orders,
  },
  {
    name: 'T15: a run that is only being changed issues no ticket',
    file: 'shared/timetable/store.ts',
    code: '    runSchema.parse({ ...(packed as object), state, generation, changing, changes, cancelledStops }),',
    becomes:
      "    runSchema.parse({ ...(packed as object), state: changing ? 'closed' : state, generation, changing, changes, cancelledStops }),",
    test: orders,
  },
  {
    name: 'nobody looks at a run that is held any more',
    file: 'shared/runs/rules.ts',
    code: "if (followed === 'held' || followed === 'overtaken') return lookAgainAt(orders, now);",
    becomes: "if (followed === 'overtaken') return lookAgainAt(orders, now);",
    test: notes,
  },
  {
    name: 'a note is struck out before its version is there',
    file: 'shared/runs/rules.ts',
    code: 'return isAwaited && since && now < plusSeconds(since, importSecondsMax)',
    becomes: 'return isAwaited && since && now < since',
    test: notes,
  },
  {
    name: 'a note that is put off is in no index',
    file: 'shared/runs/due-store.ts',
    code: 'update: `SET ${setDue}`,',
    becomes: "update: 'SET dueAt = :dueAt, noted = :dueShard',",
    test: notes,
  },
  {
    name: 'a note is struck out with the one before it',
    file: 'shared/runs/due-store.ts',
    code: 'onlyIf: [hasMark(mark)],\n    update: `REMOVE',
    becomes: 'onlyIf: hasMark(mark) ? [] : [],\n    update: `REMOVE',
    test: notes,
  },
  {
    name: 'who has changed a run does not look whether it is behind again',
    file: 'shared/runs/follow-newest.ts',
    code: "(await isBehind(timetable, fresh)) ? 'overtaken' : 'changed'",
    becomes: "isBehind === undefined ? 'overtaken' : 'changed'",
    test: notes,
  },
  {
    name: 'an import notes nothing',
    file: 'shared/feeds/follow-frozen-runs.ts',
    code: '  await noteRun(bookings, run.runId, {',
    becomes: '  if (version === run.version) await noteRun(bookings, run.runId, {',
    test: notes,
  },
  {
    name: 'a view of another generation refuses',
    file: 'shared/inventory/rules.ts',
    code: 'view?.generation === generation && view.feedVersion === version && view.stopCount === stops.length',
    becomes: 'view && (generation > 0 || view.feedVersion === version || view.stopCount === stops.length)',
    test: 'tests/integration/availability-generations.test.ts',
  },
  {
    name: 'a run that nobody has frozen gets a view',
    file: 'shared/selling/place-order.ts',
    code: "offer.outcome === 'accepted' && offer.frozen ? offer.run",
    becomes: "offer.outcome === 'accepted' ? offer.run",
    test: search,
  },
  {
    name: 'search trusts the timetable where nobody has counted',
    file: 'shared/journeys/find-offers.ts',
    code: 'const run = frozen.get(runId);',
    becomes: 'const run = views.get(runId) && frozen.get(runId);',
    test: search,
  },
];
