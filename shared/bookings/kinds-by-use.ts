import type { AttentionKind } from './attention.ts';
import type { KindOfItem } from './kind-of-item.ts';
import { kinds, type Kind, type Kinds } from './kinds.ts';

/** The kinds that may need a person: for a reason of their own, or because the clean-up keeps failing for them. */
export type Asked = {
  [Each in Kind]: Kinds[Each] extends
    { due: object } | { person: readonly [AttentionKind, ...AttentionKind[]] }
    ? Each
    : never;
}[Kind];

/** The actions of the clean-up. */
export type CleanUpAction = Extract<Kinds[Kind], { due: object }>['due']['does'];

/** The kinds that the audit reads in one of these ways. */
export type Audited<Way extends KindOfItem['audit']> = {
  [Each in Kind]: Kinds[Each]['audit'] extends Way ? Each : never;
}[Kind];

/** Whether due items of a kind wait until seats and money have had their turn. */
export const comesLast = (kind: Kind): boolean => {
  const entry: KindOfItem = kinds[kind];
  return entry.due?.last === true;
};
