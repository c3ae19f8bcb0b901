import type { Table } from '../../shared/platform/dynamo.ts';
import { by } from './faulty-table.ts';

const writes = /^(?:Put|Update|Delete|TransactWrite|BatchWrite)/;

/** Tables whose requests are counted, reads and writes apart, and in what order they were sent. */
export const countingTables = <Name extends string>(tables: Record<Name, Table>) => {
  const sent: string[] = [];
  const counted = Object.fromEntries(
    Object.entries<Table>(tables).map(([name, table]) => [
      name,
      by(table, (command, send) => {
        sent.push(`${(command as object).constructor.name.replace(/Command$/, '')} ${name}`);
        return send(command);
      }),
    ]),
  ) as Record<Name, Table>;
  return {
    tables: counted,
    sent,
    reads: () => sent.filter((request) => !writes.test(request)),
    writes: () => sent.filter((request) => writes.test(request)),
  };
};
