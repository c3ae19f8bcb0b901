import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A rule that can never fail protects nothing. A small tree is written that breaks every import rule once, and
 * keeps each of them once; one cruise over it must find exactly what is marked.
 */
const root = join(import.meta.dirname, '../..');
const configFile = join(root, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(configFile) as {
  forbidden: { name: string; comment: string }[];
};

/** What each file imports. An import line that breaks a rule stands under that rule's name. */
const breaking: Record<string, Record<string, string[]>> = {
  'no-cycles': {
    'shared/inventory/ring.ts': ['./ring-back.ts'],
    'shared/inventory/ring-back.ts': ['./ring.ts'],
  },
  'no-orphans': { 'shared/inventory/alone.ts': [] },
  'everything-resolves': { 'shared/inventory/astray.ts': ['./nowhere.ts'] },
  'no-development-packages-at-run-time': { 'functions/middleware/test-tool.ts': ['fast-check'] },
  'models-and-rules-are-pure': { 'shared/orders/rules.ts': ['node:crypto'] },
  'models-and-rules-reach-nothing-impure': {
    'shared/payments/rules.ts': ['./middleman.ts'],
    'shared/payments/middleman.ts': ['../platform/clock.ts'],
  },
  'decisions-are-given-the-carrier': { 'shared/fares/rules.ts': ['../platform/carrier-of-deployment.ts'] },
  'stores-know-their-own-module': { 'shared/tickets/store.ts': ['../orders/rules.ts'] },
  'only-stores-speak-dynamodb': { 'shared/ledger/book-entry.ts': ['@aws-sdk/lib-dynamodb'] },
  'modules-share-models-and-rules-only': { 'shared/tickets/print-ticket.ts': ['../orders/place.ts'] },
  'nothing-below-builds-on-the-joining-modules': { 'shared/tickets/borrow.ts': ['../selling/issue.ts'] },
  'modules-have-a-place': { 'shared/souvenirs/sell.ts': ['../platform/money.ts'] },
  'business-knows-no-entry-points': { 'shared/tickets/reach-up.ts': ['../../functions/middleware/frame.ts'] },
  'functions-leave-aws-to-shared': { 'functions/api/things/write-directly.ts': ['@aws-sdk/lib-dynamodb'] },
  'functions-stand-alone': { 'functions/api/things/lean.ts': ['./get-thing.ts'] },
  'infra-knows-two-tables-only': { 'infra/stacks/peek.ts': ['../../shared/orders/model.ts'] },
  'local-run-is-for-this-machine': { 'infra/stacks/emulate.ts': ['../local/emulator.ts'] },
  'local-run-knows-no-business': { 'infra/local/borrow.ts': ['../../shared/orders/model.ts'] },
  'check-judges-what-is-deployed': { 'infra/check/peek.ts': ['../../shared/orders/model.ts'] },
  'stacks-do-not-check-themselves': { 'infra/stacks/check-self.ts': ['../check/checks.ts'] },
  'nobody-imports-the-command-line': { 'functions/middleware/ask-cli.ts': ['../../cli/print.ts'] },
  'nobody-imports-tests': { 'shared/tickets/use-test-data.ts': ['../../tests/support/sample.ts'] },
  'order-of-modules-platform': { 'shared/platform/look-up.ts': ['../timetable/model.ts'] },
  'order-of-modules-bookings': { 'shared/bookings/look-up.ts': ['../orders/model.ts'] },
  'order-of-modules-timetable': { 'shared/timetable/look-up.ts': ['../fares/model.ts'] },
  'order-of-modules-users': { 'shared/users/look-up.ts': ['../orders/model.ts'] },
  'order-of-modules-fares': { 'shared/fares/look-up.ts': ['../inventory/model.ts'] },
  'order-of-modules-inventory': { 'shared/inventory/look-up.ts': ['../orders/model.ts'] },
  'order-of-modules-orders': { 'shared/orders/look-up.ts': ['../payments/model.ts'] },
  'order-of-modules-payments': { 'shared/payments/look-up.ts': ['../ledger/model.ts'] },
  'order-of-modules-entries': { 'shared/entries/look-up.ts': ['../payments/model.ts'] },
  'order-of-modules-ledger': { 'shared/ledger/look-aside.ts': ['../tickets/model.ts'] },
  'order-of-modules-tickets': { 'shared/tickets/look-aside.ts': ['../ledger/model.ts'] },
  'order-of-modules-notifications': { 'shared/notifications/look-aside.ts': ['../ledger/model.ts'] },
  'order-of-modules-runs': { 'shared/runs/look-up.ts': ['../selling/issue.ts'] },
  'order-of-modules-carriers': { 'shared/carriers/look-up.ts': ['../selling/issue.ts'] },
  'order-of-modules-feeds': { 'shared/feeds/look-up.ts': ['../selling/issue.ts'] },
  'order-of-modules-journeys': { 'shared/journeys/look-up.ts': ['../selling/issue.ts'] },
  'order-of-modules-paying': { 'shared/paying/look-up.ts': ['../selling/issue.ts'] },
  'order-of-modules-selling': { 'shared/selling/look-up.ts': ['../upkeep/sweep.ts'] },
  'order-of-modules-reconciliation': { 'shared/reconciliation/look-aside.ts': ['../selling/issue.ts'] },
  'order-of-modules-upkeep': { 'shared/upkeep/look-aside.ts': ['../feeds/import.ts'] },
  'order-of-modules-after-sale': { 'shared/after-sale/look-aside.ts': ['../upkeep/sweep.ts'] },
  'order-of-modules-check-ins': { 'shared/check-ins/look-aside.ts': ['../upkeep/sweep.ts'] },
  'order-of-modules-disruption': { 'shared/disruption/look-aside.ts': ['../upkeep/sweep.ts'] },
  'order-of-modules-waitlist': { 'shared/waitlist/look-aside.ts': ['../upkeep/sweep.ts'] },
  'order-of-modules-audit': { 'shared/audit/look-aside.ts': ['../selling/issue.ts'] },
};

/** The allowed counterpart: none of these lines may be reported. */
const keeping: Record<string, string[]> = {
  ...Object.fromEntries(
    ['timetable', 'fares', 'inventory', 'orders', 'payments', 'ledger', 'tickets'].map((module) => [
      `shared/${module}/model.ts`,
      ['../platform/money.ts', '../bookings/attention.ts', 'zod'],
    ]),
  ),
  'shared/platform/money.ts': ['zod'],
  'shared/platform/time.ts': ['./money.ts'],
  'shared/platform/clock.ts': ['./money.ts'],
  'shared/platform/carrier.ts': ['./money.ts'],
  'shared/platform/carrier-of-deployment.ts': ['./carrier.ts'],
  'shared/platform/dynamo.ts': ['@aws-sdk/lib-dynamodb'],
  'shared/bookings/attention.ts': ['../platform/time.ts', 'zod'],
  'shared/bookings/attention-store.ts': ['./attention.ts', '../platform/dynamo.ts', '@aws-sdk/lib-dynamodb'],
  'shared/payments/store.ts': ['./model.ts', '../bookings/attention.ts', '../bookings/attention-store.ts'],
  'shared/inventory/rules.ts': ['./model.ts', '../fares/model.ts', 'type ../platform/carrier.ts'],
  'shared/orders/store.ts': ['./model.ts', '../platform/dynamo.ts', '@aws-sdk/lib-dynamodb', 'node:crypto'],
  'shared/orders/place.ts': ['./store.ts', '../inventory/rules.ts', '../platform/clock.ts'],
  'shared/selling/issue.ts': ['../orders/place.ts', '../tickets/model.ts', '../ledger/model.ts'],
  'shared/upkeep/sweep.ts': ['../selling/issue.ts', '../orders/place.ts'],
  'shared/feeds/import.ts': ['../timetable/model.ts'],
  'functions/middleware/frame.ts': ['../../shared/platform/clock.ts', 'type fast-check'],
  'functions/routes.ts': ['../shared/orders/model.ts'],
  'functions/api/things/get-thing.ts': ['../../middleware/frame.ts', '../../../shared/selling/issue.ts'],
  'functions/subscriptions.ts': ['../shared/orders/model.ts'],
  'infra/app.ts': ['../functions/routes.ts', '../functions/subscriptions.ts'],
  'infra/local/emulator.ts': ['../../shared/platform/time.ts'],
  'shared/selling/workflow-shapes.ts': ['../platform/money.ts', 'zod'],
  'infra/check/checks.ts': ['../../shared/selling/workflow-shapes.ts', '../local/emulator.ts'],
  'cli/keyun.ts': ['../infra/local/emulator.ts', './print.ts'],
  'cli/print.ts': ['../shared/platform/money.ts'],
  'tests/support/sample.ts': ['../../infra/local/emulator.ts', 'fast-check'],
};

const packages = {
  zod: 'dependencies',
  '@aws-sdk/lib-dynamodb': 'dependencies',
  'fast-check': 'devDependencies',
};

interface Violation {
  rule: { name: string };
  from: string;
}

describe('import rules', () => {
  const tree = mkdtempSync(join(tmpdir(), 'keyun-import-rules-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  let violations: Violation[];

  beforeAll(() => {
    const manifest: Record<string, Record<string, string>> = { dependencies: {}, devDependencies: {} };
    for (const [name, kind] of Object.entries(packages)) {
      manifest[kind]![name] = '1.0.0';
      write(
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      );
      write(`node_modules/${name}/index.js`, 'exports.it = 1;');
    }
    write('package.json', JSON.stringify({ name: 'tree', type: 'module', ...manifest }));
    const files = Object.entries(Object.assign({}, keeping, ...Object.values(breaking)) as typeof keeping);
    for (const [path, imports] of files)
      write(path, imports.map(importLine).join('\n') + '\nexport const it = 1;\n');
    violations = cruise(tree);
  });
  afterAll(() => rmSync(tree, { recursive: true }));

  test.each(forbidden)('$name: is broken by its example, and says what to do', ({ name, comment }) => {
    expect(Object.keys(breaking)).toContain(name);
    const broken = violations.filter((violation) => violation.rule.name === name);
    expect(broken.some((violation) => violation.from in breaking[name]!)).toBe(true);
    expect(comment.length).toBeGreaterThan(20);
  });

  test('nothing that is allowed is reported', () => {
    const culprits = new Set(Object.values(breaking).flatMap((files) => Object.keys(files)));
    expect(violations.filter((violation) => !culprits.has(violation.from))).toEqual([]);
  });
});

function importLine(target: string, index: number): string {
  const [path, type] = target.startsWith('type ') ? [target.slice(5), 'type '] : [target, ''];
  const used = type ? `export type T${index} = typeof i${index};` : `export const x${index} = i${index};`;
  return `import ${type}* as i${index} from '${path}'; ${used}`;
}

function cruise(tree: string): Violation[] {
  const program = join(root, 'node_modules/.bin/depcruise');
  const folders = ['functions', 'shared', 'infra', 'cli', 'tests'];
  const json = execFileSync(
    process.execPath,
    [program, ...folders, '--config', configFile, '--output-type', 'json'],
    {
      cwd: tree,
      encoding: 'utf8',
      maxBuffer: 1e8,
    },
  );
  return (JSON.parse(json) as { summary: { violations: Violation[] } }).summary.violations;
}
