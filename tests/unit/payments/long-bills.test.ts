import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLongBills } from '../../bench/long-bills/make.ts';

/** A function that holds a whole bill as text, or as rows, does not fit into this. */
const heapMegabytes = 32;
const rows = 100_000;
/** A thousand pages would take the test too long. */
const pagedRows = 20_000;

let folder: string;
let sha1: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyun-long-bills-'));
  ({ sha1 } = await makeLongBills(folder, rows));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = join(import.meta.dirname, '../../bench/long-bills/run.ts');

test.each([
  ['alipay', rows],
  ['wechatpay', rows],
  ['stripe', pagedRows],
])(
  `a bill of %s, of %i rows, is read within ${heapMegabytes} MB of heap`,
  (provider, expected) => {
    const given = provider === 'stripe' ? String(expected) : join(folder, provider);
    const printed = execFileSync(
      process.execPath,
      [
        `--max-old-space-size=${heapMegabytes}`,
        '--disable-warning=ExperimentalWarning',
        script,
        provider,
        given,
        sha1,
      ],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(printed)).toMatchObject({ rows: expected });
  },
  60_000,
);
