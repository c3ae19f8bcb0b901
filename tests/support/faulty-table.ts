import type { Table } from '../../shared/platform/dynamo.ts';

export type Send = (command: unknown) => Promise<unknown>;

/** A table whose requests go through `way`, which may lose their answers, keep them back, or put others in between. */
export const by = (table: Table, way: (command: unknown, send: Send) => Promise<unknown>): Table => {
  const send = table.client.send.bind(table.client) as unknown as Send;
  return {
    ...table,
    client: { send: (command: unknown) => way(command, send) } as unknown as Table['client'],
  };
};
