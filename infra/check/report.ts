import type { CheckResult } from './checks.ts';
import type { Finding } from './model.ts';

/** The results of several deployments, of which each has a title. */
export type TitledResults = { title: string; results: readonly CheckResult[] };

export type ReportedCheck = {
  name: string;
  proves: string;
  /** A finding names the deployments that have it; undefined if all have it. */
  findings: readonly (Finding & { only?: string })[];
};

/** One entry for each check: a fault of every deployment is named once. */
export const joinResults = (all: readonly TitledResults[]): ReportedCheck[] =>
  (all[0]?.results ?? []).map(({ name, proves }) => {
    const found = new Map<string, Finding & { in: string[] }>();
    for (const { title, results } of all)
      for (const finding of results.find((one) => one.name === name)?.findings ?? []) {
        const key = JSON.stringify(finding);
        found.set(key, { ...finding, in: [...(found.get(key)?.in ?? []), title] });
      }
    return {
      name,
      proves,
      findings: [...found.values()].map(({ in: titles, ...finding }) => ({
        ...finding,
        ...(titles.length < all.length && { only: titles.join('; ') }),
      })),
    };
  });

/** The lines for a reader: `✓ name: what holds`, or `✗ name` with a line for each fault. */
export const linesOf = ({ name, proves, findings }: ReportedCheck): string[] =>
  findings.length === 0
    ? [`✓ ${name}: ${proves}`]
    : [
        `✗ ${name}: ${findings.length} ${findings.length === 1 ? 'fault' : 'faults'}`,
        ...findings.map(
          ({ where, what, remedy, only }) =>
            `    ${where}: ${what}${only === undefined ? '' : ` (only ${only})`}. To do: ${remedy}`,
        ),
      ];
