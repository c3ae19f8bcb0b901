import type { Command } from 'commander';
import { usualBounds, type Bounds, type Finding } from '../../shared/audit/model.ts';
import { auditTables, type AuditProgress, type AuditReport } from '../../shared/audit/scan.ts';
import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { environment } from '../../shared/platform/config.ts';
import { print, printJson, withTables } from '../run-command.ts';

export const register = (program: Command): void => {
  program
    .command('audit')
    .description('check that every seat and every cent is where it should be; changes nothing')
    .option('--json', 'print the report as JSON')
    .action(({ json }: { json?: boolean }) =>
      withTables(async ({ tables }) => {
        const clock = systemClock();
        const at = clock();
        const progress = auditProgress();
        const report = await auditTables({
          ...tables,
          clock,
          bounds: bounds(),
          onProgress: progress.show,
        }).finally(progress.end);
        if (json) printJson({ at, ...report });
        else printReport(report);
        if (report.findings.length > 0) process.exitCode = 1;
      }),
    );
};

/** What programs take to do their work is real time: where the clock runs faster, it passes for more of it. */
const workSeconds = 10;

const bounds = (): Bounds => {
  const { KEYUN_TIME_SCALE: scale } = environment();
  const { closingGraceSeconds, personalDataKeptDays, ordersKeptYears } = carrier();
  const slack = Math.max(0, scale - 1) * workSeconds;
  return {
    closingGraceSeconds,
    youngPieceSeconds: usualBounds.youngPieceSeconds + slack,
    overdueSeconds: usualBounds.overdueSeconds + slack,
    overdueLastSeconds: usualBounds.overdueLastSeconds + slack,
    patienceSeconds: usualBounds.patienceSeconds + slack,
    viewSeconds: usualBounds.viewSeconds + slack,
    personalDataDays: personalDataKeptDays,
    ordersKeptDays: ordersKeptYears * 365,
  };
};

const counts = new Intl.NumberFormat('en');
const drawnEveryMilliseconds = 100;

/** One line on a terminal, drawn over and over; elsewhere one line a step, so that logs stay short. */
const auditProgress = (stream: NodeJS.WriteStream = process.stderr) => {
  let drawnAt = 0;
  let last = '';
  const show = ({ step, done }: AuditProgress): void => {
    if (!stream.isTTY) {
      if (step !== last) stream.write(`auditing: ${step}\n`);
    } else if (step !== last || performance.now() - drawnAt > drawnEveryMilliseconds) {
      drawnAt = performance.now();
      stream.write(`\r\u{1b}[Kauditing ${step}: ${counts.format(done)}`);
    }
    last = step;
  };
  const end = (): void => {
    if (stream.isTTY) stream.write('\r\u{1b}[K');
  };
  return { show, end };
};

/** The worst first. */
const ranks: Readonly<Record<Finding['severity'], number>> = { critical: 0, serious: 1 };

const printReport = ({ findings, checked, young, waiting }: AuditReport): void => {
  const sorted = findings.toSorted((a, b) => ranks[a.severity] - ranks[b.severity]);
  for (const { severity, invariant, what } of sorted)
    print(`${severity.padEnd(8)}  ${invariant.padEnd(16)}  ${what}`);
  const seen = Object.entries(checked).map(([name, count]) => `${counts.format(count)} ${name}`);
  print(`Checked ${seen.join(', ')}; buyers are holding ${counts.format(young)} seats at this moment`);
  if (waiting > 0) print(`${counts.format(waiting)} things need a person: run keyun attention list`);
  const count = findings.length;
  print(count === 0 ? 'No findings' : `${counts.format(count)} finding${count === 1 ? '' : 's'}`);
};
