import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { openExecutions, type Execution } from '../../../infra/local/workflows/executions.ts';
import { projectRoot } from '../../../infra/local/run/paths.ts';
import { openBooks } from '../../../infra/local/providers/books.ts';
import type { Delivery } from '../../../infra/local/providers/delivery.ts';
import type { Trade } from '../../../infra/local/providers/trade.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { temporaryFolder } from './temporary.ts';

/** What the emulators keep of each purchase: it has an end on disk, and takes no memory once the purchase is over. */

const machine = 'arn:machine';
const executionOf = (n: number, ended?: number): Execution => ({
  arn: `arn:${n}`,
  name: `${n}`,
  stateMachineArn: machine,
  status: ended === undefined ? 'RUNNING' : 'SUCCEEDED',
  input: JSON.stringify({ n, more: 'x'.repeat(500) }),
  startedAt: n,
  ...(ended !== undefined && { stoppedAt: ended }),
});

const now = instantSchema.parse('2026-12-01T00:00:00.000Z');
const tradeOf = (n: number, status: Trade['status'] = 'paid'): Trade => ({
  outTradeNo: `ours-${n}`,
  tradeNo: `theirs-${n}`,
  subject: 'G1'.repeat(200),
  total: 55_300,
  currency: 'CNY',
  createdAt: now,
  expiresAt: now,
  notifyUrl: undefined,
  returnUrl: undefined,
  status,
  ...(status === 'paid' && { paidAt: now }),
  slowAnswers: 0,
  refunds: [],
});
const deliveryOf = (n: number, state: Delivery['state']): Delivery => ({
  deliveryId: `notice-${n}`,
  outTradeNo: `ours-${n}`,
  url: 'http://127.0.0.1',
  title: '',
  content: {},
  forged: false,
  retried: true,
  state,
  dueAt: now,
  attempts: [],
});

describe('executions', () => {
  it('of those that have ended the newest are kept, and all that run, also after a restart', () => {
    const file = join(temporaryFolder(), 'executions.sqlite');
    let executions = openExecutions(file, 0, 10);
    for (let n = 0; n < 3; n += 1) executions.put(executionOf(n));
    for (let n = 100; n < 1000; n += 1) {
      executions.put(executionOf(n));
      executions.put(executionOf(n, n));
    }
    for (let times = 0; times < 2; times += 1) {
      expect(executions.running().map(({ name }) => name)).toEqual(['0', '1', '2']);
      expect(executions.find('arn:999')).toEqual(executionOf(999, 999));
      expect(executions.find('arn:980')).toBeUndefined();
      expect(executions.list(machine)[0]?.name).toBe('999');
      expect(executions.list(machine, 'SUCCEEDED').length).toBeLessThan(20);
      executions.close();
      executions = openExecutions(file, 0, 10);
    }
    executions.close();
  });

  it('a name is free again ninety days after the end', () => {
    const file = join(temporaryFolder(), 'executions.sqlite');
    const day = 86_400_000;
    const executions = openExecutions(file, 0);
    executions.put(executionOf(1, 10 * day));
    executions.put(executionOf(2, 11 * day));
    executions.close();
    const later = openExecutions(file, 100.5 * day);
    expect(later.find('arn:1')).toBeUndefined();
    expect(later.find('arn:2')).toBeDefined();
    later.close();
  });
});

describe('the sandbox’s books', () => {
  it('of what is settled the newest is kept, and all that is open, also after a restart', () => {
    const folder = temporaryFolder();
    let books = openBooks(join(folder, 'books.sqlite'), { settled: 10, ended: 10 });
    books.write({ trade: tradeOf(0, 'waiting'), deliveries: [deliveryOf(0, 'pending')] });
    for (let n = 1; n < 500; n += 1) {
      books.write({ trade: tradeOf(n, 'waiting'), deliveries: [deliveryOf(n, 'pending')] });
      books.write({ trade: tradeOf(n), deliveries: [deliveryOf(n, 'delivered')] });
    }
    for (let times = 0; times < 2; times += 1) {
      expect(books.trades().length).toBeLessThan(25);
      expect(books.deliveries().length).toBeLessThan(25);
      expect(books.trades(1)).toEqual([JSON.parse(JSON.stringify(tradeOf(499)))]);
      expect(books.unsettled().map(({ outTradeNo }) => outTradeNo)).toEqual(['ours-0']);
      expect(books.pending().map(({ deliveryId }) => deliveryId)).toEqual(['notice-0']);
      expect(books.trade('ours-499')?.status).toBe('paid');
      expect(books.tradeByNumber('theirs-499')?.outTradeNo).toBe('ours-499');
      expect(books.deliveries('ours-499')).toHaveLength(1);
      books.close();
      books = openBooks(join(folder, 'books.sqlite'), { settled: 10, ended: 10 });
    }
    books.close();
  });

  it('have everything that was written when the process is killed', async () => {
    const folder = temporaryFolder();
    const program = `
      import { openBooks } from ${JSON.stringify(join(projectRoot, 'infra/local/providers/books.ts'))};
      const books = openBooks(${JSON.stringify(join(folder, 'books.sqlite'))});
      const trade = ${JSON.stringify(tradeOf(0))};
      for (let n = 0; ; n += 1) {
        books.write({ trade: { ...trade, outTradeNo: 'ours-' + n } });
        (await import('node:fs')).writeSync(1, n + '\\n');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
    let text = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    while (text.length < 2000) await new Promise((resolve) => setTimeout(resolve, 20));
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await closed;
    const last = Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
    const books = openBooks(join(folder, 'books.sqlite'));
    expect(last).toBeGreaterThan(100);
    expect(books.trade(`ours-${last}`)).toBeDefined();
    expect(books.trades().length).toBeGreaterThanOrEqual(last + 1);
    books.close();
  });
});

it('ten thousand purchases that are over take no memory', () => {
  const folder = temporaryFolder();
  const place = (file: string) => JSON.stringify(join(projectRoot, 'infra/local', file));
  const program = `
    import { openExecutions } from ${place('workflows/executions.ts')};
    import { openBooks } from ${place('providers/books.ts')};
    const executions = openExecutions(${JSON.stringify(join(folder, 'executions.sqlite'))}, 0);
    const books = openBooks(${JSON.stringify(join(folder, 'books.sqlite'))});
    const [execution, trade] = [${JSON.stringify(executionOf(0, 1))}, ${JSON.stringify(tradeOf(0))}];
    const before = (gc(), process.memoryUsage().heapUsed);
    for (let n = 1; n <= 10_000; n += 1) {
      executions.put({ ...execution, arn: 'arn:' + n, input: execution.input + n });
      books.write({ trade: { ...trade, outTradeNo: 'ours-' + n, subject: trade.subject + n } });
    }
    gc();
    console.log(process.memoryUsage().heapUsed - before);
    if (!executions.find('arn:10000') || !books.trade('ours-10000')) process.exit(1);`;
  const grown = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program]);
  expect(Number(grown.toString())).toBeLessThan(2 * 1024 * 1024);
});
