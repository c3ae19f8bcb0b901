import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { TestTables } from './dynamo.ts';

/** All items of small tables, in order of their keys, to compare before and after. */
export const everythingIn = async ({
  timetable,
  inventory,
  availability,
  bookings,
}: TestTables): Promise<object> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries({ timetable, inventory, availability, bookings }).map(
        async ([key, { client, name }]) => {
          const { Items = [] } = await client.send(
            new ScanCommand({ TableName: name, ConsistentRead: true }),
          );
          const keyOf = ({ pk, sk }: Record<string, unknown>) => `${String(pk)} ${String(sk)}`;
          return [key, Items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))] as const;
        },
      ),
    ),
  );
