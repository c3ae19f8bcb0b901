import type { TemplateValue } from '../local/template/template.ts';
import type { CheckedResource } from './model.ts';
import { isObject } from './template-values.ts';

/** What keeps a resource and its data from being lost by mistake. */
export type Protection = {
  onDelete: string;
  onReplace: string;
  /** Nobody can delete it. */
  locked: boolean;
  /** It can be restored to any second. */
  restorable: boolean;
};

/** CloudFormation deletes a resource unless its policy says otherwise. */
export const protectionOf = ({
  DeletionPolicy,
  UpdateReplacePolicy,
  Properties = {},
}: CheckedResource): Protection => ({
  onDelete: DeletionPolicy ?? 'Delete',
  onReplace: UpdateReplacePolicy ?? 'Delete',
  locked: Properties['DeletionProtectionEnabled'] === true || Properties['DeletionProtection'] === 'ACTIVE',
  restorable: isRestorable(Properties['PointInTimeRecoverySpecification']),
});

const isRestorable = (recovery: TemplateValue | undefined): boolean =>
  isObject(recovery) && recovery['PointInTimeRecoveryEnabled'] === true;

const keeps = (policy: string): boolean => policy !== 'Delete';

/** What protected it once and no longer does. */
export const lostProtection = (before: Protection, now: Protection): string[] => [
  ...(keeps(before.onDelete) && !keeps(now.onDelete) ? ['its removal policy is gone (DeletionPolicy)'] : []),
  ...(keeps(before.onReplace) && !keeps(now.onReplace)
    ? ['its removal policy is gone (UpdateReplacePolicy)']
    : []),
  ...(before.locked && !now.locked ? ['its deletion protection is off'] : []),
  ...(before.restorable && !now.restorable ? ['it can no longer be restored to a second'] : []),
];
