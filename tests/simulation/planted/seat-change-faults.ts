import type { PlantedFault } from './model.ts';

const test = 'tests/integration/alternatives/seat-change.test.ts';

/** What keeps the second seat of passengers who change seats on the way. */
export const seatChangeFaults: readonly PlantedFault[] = [
  {
    name: 'a seat change: T8 leaves the second seats',
    file: 'shared/orders/model.ts',
    code: '  thenPlace ? [place, thenPlace] : [place];',
    becomes: '  thenPlace ? [place] : [place];',
    test,
  },
  {
    name: 'a seat change: orphans are looked for by first seats alone',
    file: 'shared/upkeep/free-orphan.ts',
    code: 'placesOf(item).some(isNamed)',
    becomes: 'placesOf(item).slice(0, 1).some(isNamed)',
    // The fence refuses to free the seat of a living item, whoever asks.
    also: [
      {
        file: 'shared/orders/marks-store.ts',
        code: ' AND NOT #items.#i${itemId}.#then.#owner = :owner)',
        becomes: ' AND NOT #items.#i${itemId}.#then.#owner = :released)',
      },
    ],
    test,
  },
  {
    name: 'a seat change: T10 keeps the old owners of second seats',
    file: 'shared/paying/apply-payment.ts',
    code: '...(thenPlace && { thenPlace }) }];',
    becomes: '...(thenPlace && {}) }];',
    test,
  },
  {
    name: 'a seat change: T10 takes both seats of a shard in one write',
    file: 'shared/inventory/hold-again.ts',
    code: '({ shard, piece }) => `${shard.shard} ${piece.from}-${piece.to}`',
    becomes: '({ shard }) => `${shard.shard}`',
    test,
  },
  {
    name: 'a seat change: T17 fences the owner of a living second seat',
    file: 'shared/orders/marks-store.ts',
    code: ' AND NOT #items.#i${itemId}.#then.#owner = :owner)',
    becomes: ' AND NOT #items.#i${itemId}.#then.#owner = :released)',
    test: 'tests/integration/guards/fence.test.ts',
  },
  {
    name: 'a seat change: the first seats stay when there are no second ones',
    file: 'shared/selling/hold-ways.ts',
    code: '  await release();\n  return then;',
    becomes: '  return then;',
    test,
  },
];
