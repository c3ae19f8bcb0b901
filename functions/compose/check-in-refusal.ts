import type { Refused } from '../../shared/check-ins/decide-check-in.ts';
import type { Refusal } from '../middleware/problems.ts';

/** What a gate tells its staff about a refusal, beside the reason. */
export const refusalAnswer = ({
  opensAt,
  closedAt,
  firstUse,
}: Refused): Pick<Refusal, 'detail' | 'members'> => {
  if (firstUse) {
    const { at, stopId, gateId } = firstUse;
    return {
      detail: `The first use was at ${at}, at the stop ${stopId}, by the gate ${gateId}.`,
      members: { firstUse: { at, stopId, gateId } },
    };
  }
  if (opensAt) return { detail: `The gate opens at ${opensAt}.`, members: { opensAt } };
  return closedAt ? { detail: `The gate closed at ${closedAt}.`, members: { closedAt } } : {};
};
