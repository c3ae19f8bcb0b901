import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { startExpiry } from '../../../infra/local/tables/expire-items.ts';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

it('deletes what has run out by the clock of the run, which may be behind the machine’s', async () => {
  const { client, name } = tables.bookings;
  const now = Date.parse('2026-03-29T00:00:00Z');
  const put = (pk: string, ttl?: number) =>
    client.send(new PutCommand({ TableName: name, Item: { pk, sk: 'x', ...(ttl && { ttl }) } }));
  await Promise.all([put('past', now / 1000 - 1), put('now', now / 1000), put('kept')]);
  const deployment = makeDeployment(
    [
      {
        stackName: 'Data',
        Resources: {
          Bookings: {
            Type: 'AWS::DynamoDB::Table',
            Properties: {
              TableName: name,
              KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }],
              TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
            },
          },
        },
      },
    ],
    { api: 'http://api', issuer: 'http://issuer', sqs: 'http://sqs' },
  );
  const expiry = startExpiry(deployment, client, {
    log: { say: () => undefined },
    clock: { now: () => now },
  });
  await expiry.sweep();
  expiry.stop();
  const isThere = async (pk: string) =>
    (await client.send(new GetCommand({ TableName: name, Key: { pk, sk: 'x' } }))).Item !== undefined;
  expect([await isThere('past'), await isThere('now'), await isThere('kept')]).toEqual([false, true, true]);
});
