import type { Command } from 'commander';
import { auditTables } from '../../shared/audit/scan.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { restoreSeats } from '../../shared/upkeep/restore-seats.ts';
import type { RestoreRefusal } from '../../shared/upkeep/rules.ts';
import type { Tables } from '../connect.ts';
import { print, printJson, withTables } from '../run-command.ts';

export const register = (program: Command): void => {
  program
    .command('repair')
    .description('repair tables that were restored to different moments')
    .command('seats')
    .description('give each living order the seats that its items name; safe to repeat')
    .option('--json', 'print the result as JSON')
    .action(({ json }: { json?: boolean }) => withTables(({ tables }) => repairSeats(tables, json === true)));
};

const meanings: Readonly<Record<RestoreRefusal, string>> = {
  taken: 'somebody else has it: the seat is sold twice, and one of both must get another',
  closed: 'its shard is closed: nobody can buy the seat, and the ticket is valid',
  busy: 'others take seats of this shard: close the sale and repeat this',
  'run-not-frozen': 'its run is not in Timetable: restore that table to a later moment',
  'not-of-this-run': 'its run in Timetable has other seats: restore that table to a later moment',
};

/** The orders that the audit finds without a seat that they name. */
const ordersWithoutSeats = async (tables: Tables): Promise<OrderId[]> => {
  const { findings } = await auditTables({ ...tables, clock: systemClock() });
  const orders = findings.flatMap(({ invariant, subject }) =>
    invariant === 'item-owns-piece' && subject.kind === 'order' ? [subject.orderId] : [],
  );
  return [...new Set(orders)];
};

const repairSeats = async (tables: Tables, json: boolean): Promise<void> => {
  const results: { orderId: OrderId; coach: string; seat: string; now: RestoreRefusal | 'taken-again' }[] =
    [];
  for (const orderId of await ordersWithoutSeats(tables))
    for (const { place, outcome } of await restoreSeats(tables)(orderId)) {
      const now = outcome.outcome === 'accepted' ? 'taken-again' : outcome.reason;
      results.push({ orderId, coach: place.coach, seat: place.seat, now });
    }
  if (json) printJson(results);
  for (const { orderId, coach, seat, now } of json ? [] : results)
    print(
      `${orderId}  coach ${coach}, seat ${seat}: ${now === 'taken-again' ? 'taken again' : meanings[now]}`,
    );
  if (!json && results.length === 0) print('every living order has its seats');
  if (results.some(({ now }) => now !== 'taken-again')) process.exitCode = 1;
};
