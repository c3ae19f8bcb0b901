import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../infra/local/run/ports.ts';
import { startDynamo } from '../../../infra/local/tables/dynamodb.ts';
import { projectRoot } from '../../../infra/local/run/paths.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';

describe('the local DynamoDB', () => {
  let tables: TestTables;
  beforeAll(async () => {
    tables = await testTables();
  });
  afterAll(() => tables.stop());

  it('has every table of the template with its keys', async () => {
    const { client, name } = tables.bookings;
    await client.send(new PutCommand({ TableName: name, Item: { pk: 'a', sk: 'b', n: 1 } }));
    const { Item } = await client.send(new GetCommand({ TableName: name, Key: { pk: 'a', sk: 'b' } }));
    expect(Item).toEqual({ pk: 'a', sk: 'b', n: 1 });
    for (const table of [tables.inventory, tables.availability])
      await client.send(new PutCommand({ TableName: table.name, Item: { pk: 'a' } }));
    await client.send(new PutCommand({ TableName: tables.timetable.name, Item: { pk: 'a', sk: 'b' } }));
  });

  it('finds what is due by the sparse index', async () => {
    const { client, name } = tables.bookings;
    const due = { pk: 'due', sk: 'x', dueShard: '3', dueAt: '2026-01-01T00:00:00.000Z' };
    await client.send(new PutCommand({ TableName: name, Item: due }));
    const { Items } = await client.send(
      new QueryCommand({
        TableName: name,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard AND dueAt <= :now',
        ExpressionAttributeValues: { ':shard': '3', ':now': '2026-01-01T00:00:00.000Z' },
      }),
    );
    expect(Items).toEqual([due]);
  });
});

it('does not take another program that answers at its port for itself', async () => {
  const port = await freePort();
  const other = createServer((_request, response) => response.end('not a database'));
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    await expect(startDynamo({ port })).rejects.toThrow(/ended at once: .*already in use/);
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

it('chooses ports that are never given to a connection that asks for none', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(ports.every((port) => port >= 20_000 && port < 32_768)).toBe(true);
  expect(new Set(ports).size).toBeGreaterThan(40);
});

it('a start that is killed outright leaves no database process behind', async () => {
  const dynamodb = join(projectRoot, 'infra/local/tables/dynamodb.ts');
  const script = `const { startDynamo } = await import(${JSON.stringify(dynamodb)});
    const { port } = await startDynamo(); process.stdout.write(String(port)); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) =>
    parent.stdout.once('data', (chunk) => resolve(String(chunk))),
  );
  const running = () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(`-p ${port}`);
  expect(running()).toBe(true);
  parent.kill('SIGKILL');
  for (let attempt = 0; attempt < 50 && running(); attempt += 1) await sleep(50);
  expect(running()).toBe(false);
});
