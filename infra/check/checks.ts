import { budgetsCheck, importsCheck } from './bundles.ts';
import { environmentCheck } from './environment.ts';
import { grantsCheck } from './grants.ts';
import type { Check, Finding, Subject } from './model.ts';
import { orderCheck } from './order.ts';
import { permissionsCheck } from './permissions.ts';
import { propertiesCheck } from './properties.ts';
import { propertyLimitsCheck } from './property-limits-check.ts';
import { referencesCheck } from './references.ts';
import type { Released } from './released.ts';
import { releasedChecks } from './released-check.ts';
import { documentLimitsCheck, templateLimitsCheck } from './template-limits.ts';
import { workflowCheck } from './workflow-definition.ts';
import { workflowErrorsCheck } from './workflow-errors.ts';
import { workflowPathsCheck } from './workflow-paths.ts';

/**
 * All checks that need no account, in the order in which a reader wants to know. What must survive is compared with the recorded
 * release of the stage, or with what somebody knows to be deployed.
 */
export const checksAgainst = (released?: (stage: string) => Released | undefined): readonly Check[] => [
  propertiesCheck,
  referencesCheck,
  orderCheck,
  permissionsCheck,
  workflowCheck,
  workflowErrorsCheck,
  workflowPathsCheck,
  importsCheck,
  budgetsCheck,
  environmentCheck,
  grantsCheck,
  ...releasedChecks(released),
  templateLimitsCheck,
  propertyLimitsCheck,
  documentLimitsCheck,
];

/** All checks, against the recorded releases. */
export const checks = checksAgainst();

export type CheckResult = { name: string; proves: string; findings: readonly Finding[] };

/** The result of every check. `plain` is the same deployment without settings of its own. */
export const runChecks = (
  subject: Subject,
  { which = checks, plain = subject }: { which?: readonly Check[]; plain?: Subject } = {},
): CheckResult[] =>
  which.map(({ name, proves, withoutSettings, find }) => ({
    name,
    proves,
    findings: find(withoutSettings ? plain : subject),
  }));
