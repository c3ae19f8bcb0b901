import type { Context } from './synthesize.ts';

export type Choice = {
  stages: readonly string[];
  /** The carrier that is checked in every stage; the others are checked in the last. */
  carrier: string;
  otherCarriers: readonly string[];
  context: Context;
};

/** Only the carrier's own data differs between carriers, so one stage is enough for the others. */
export const deploymentsToCheck = ({ stages, carrier, otherCarriers, context }: Choice): Context[] => {
  const last = stages.at(-1) ?? 'prod';
  return [
    ...stages.map((stage) => ({ ...context, stage, carrier })),
    ...otherCarriers.map((other) => ({ ...context, stage: last, carrier: other })),
  ];
};
