import { Stack } from 'aws-cdk-lib';
import { Table, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import * as z from 'zod';

const tableIds = ['Timetable', 'Inventory', 'Availability', 'Bookings'] as const;

/** The table that a person has restored, for each that is damaged: the ARN of its newest stream, or its own. */
export type RestoredTables = Partial<Record<(typeof tableIds)[number], string>>;

const arn = /^(arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+)(\/stream\/[\w.:-]+)?$/;
const streamed: ReadonlySet<string> = new Set(['Inventory', 'Bookings']);

/** `Bookings=arn:…/stream/…,Timetable=arn:…` */
export const restoredTablesSchema = z
  .string()
  .refine(
    (text) =>
      text.split(',').every((part) => {
        const [id = '', value = ''] = part.split('=');
        const [, , stream] = arn.exec(value) ?? [];
        return arn.test(value) && tableIds.some((known) => known === id) && (!streamed.has(id) || stream);
      }),
    'must be like Bookings=<ARN of its stream>,Timetable=<ARN>',
  )
  .transform((text) => Object.fromEntries(text.split(',').map((part) => part.split('='))) as RestoredTables)
  .optional();

/**
 * The table that everything uses: the stack's own, or the one to which a person has restored it. The stack keeps its own
 * table and its exports, since CloudFormation refuses to end an export while another stack still imports it.
 */
export const tableInUse = (own: Table, restored: string | undefined): ITable => {
  // Only to the compiler is a Table no ITable: its optional properties may be `undefined` by name.
  if (restored === undefined) return own as ITable;
  const stack = Stack.of(own);
  for (const value of [own.tableName, own.tableArn, own.tableStreamArn])
    if (value !== undefined) stack.exportValue(value);
  const [, tableArn = '', stream] = arn.exec(restored) ?? [];
  return Table.fromTableAttributes(own, 'Restored', {
    tableArn,
    ...(stream && { tableStreamArn: restored }),
    ...(own.encryptionKey && { encryptionKey: own.encryptionKey }),
  });
};
