import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { signIn, type Buyer, type Journey, type Order } from '../../../cli/demo/client.ts';
import { passenger } from '../../../cli/demo/passengers.ts';
import { startLocalRun, type LocalRun } from '../../support/local-run.ts';

// Starts twice, and waits for a hold to end at thirty times the pace of real time.
jest.setTimeout(240_000);

let run: LocalRun;
let buyer: Buyer;
beforeAll(async () => {
  run = await startLocalRun({ KEYUN_TIME_SCALE: '30' });
  buyer = await signIn(run.endpoints, run.dataDir, 'buyer@example.com');
});
afterAll(() => run.stop());

const journeys = async (): Promise<Journey[]> => {
  const date = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const { body } = await buyer.get<{ journeys: Journey[] }>(`/v1/journeys?from=VNP&to=AOH&date=${date}`);
  return body.journeys;
};

const held = async (runId: string, person: number): Promise<Order> => {
  const wish = { runId, from: 'VNP', to: 'AOH', class: 'first', passengers: [passenger(person)] };
  const { status, body } = await buyer.placeOrder(wish);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
};

const seatsLeft = async (runId: string): Promise<number | undefined> =>
  (await journeys()).find((each) => each.runId === runId)?.classes.find((each) => each.class === 'first')
    ?.seatsLeft;

/** The state of an order's execution, once it is there. */
const executionOf = async ({ orderId }: Order, n: number): Promise<string> => {
  const client = new SFNClient({
    endpoint: run.endpoints.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:Keyun-dev-purchase:${orderId}-${n}`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const known = await client.send(new DescribeExecutionCommand({ executionArn })).catch(() => undefined);
    if (known) return known.status ?? 'UNKNOWN';
    await sleep(200);
  }
  return 'NONE';
};

test('what was under way when everything was killed goes on, and ends as it should', async () => {
  const [journey] = await journeys();
  const runId = journey!.runId;
  const before = await seatsLeft(runId);
  const [paid, unpaid] = [await held(runId, 1), await held(runId, 2)];
  expect(await executionOf(paid, 1)).toBe('RUNNING');

  await run.kill();
  await run.restart();

  // The workflows died with the process; they are started again under the next name, for that name is used up.
  expect(await executionOf(paid, 1)).toBe('FAILED');
  expect(await executionOf(paid, 2)).toBe('RUNNING');

  await buyer.pay(paid.orderId);
  const issued = await buyer.waitFor(paid.orderId, ['issued'], 60);
  expect([issued.state, issued.items[0]?.ticketId]).toEqual(['issued', `${paid.orderId}-1`]);

  const ended = await buyer.waitFor(unpaid.orderId, ['expired'], 120);
  expect(ended.state).toBe('expired');
  for (let attempt = 0; attempt < 50 && (await seatsLeft(runId)) !== before! - 1; attempt += 1)
    await sleep(200);
  expect(await seatsLeft(runId)).toBe(before! - 1);
});
