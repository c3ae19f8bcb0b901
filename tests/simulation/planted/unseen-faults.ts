import type { PlantedFault } from './model.ts';

const auditRules = 'tests/unit/audit/rules.test.ts';

/** What no simulation sees: the audit is one of its judges, and nobody searches or reads metrics in it. */
export const unseenFaults: readonly PlantedFault[] = [
  {
    name: 'the audit trusts when a refund is due',
    file: 'shared/audit/attention.ts',
    code: 'isOpen && isOver(requestedAt, lookups)',
    becomes: 'isOpen && isOver(refund.dueAt ?? requestedAt, lookups)',
    test: auditRules,
  },
  {
    name: 'the audit trusts when a payment is due',
    file: 'shared/audit/attention.ts',
    code: 'if (isUnfinished(payment)) callsFor(createdAt,',
    becomes: 'if (isUnfinished(payment)) callsFor(payment.dueAt ?? createdAt,',
    test: auditRules,
  },
  {
    name: 'the audit counts a failed refund as money that goes back',
    file: 'shared/audit/money.ts',
    code: "(state !== 'failed' && state !== 'settling') || (attention",
    becomes: "state !== 'settling' || (attention",
    test: auditRules,
  },
  {
    name: 'a wrong view keeps itself from being counted anew',
    file: 'shared/inventory/rules.ts',
    code: '!isWithinTrust(view?.asOf, now) &&',
    becomes: 'view?.asOf === undefined &&',
    test: 'tests/integration/view-renewal.test.ts',
  },
  {
    name: 'the metric of what needs a person counts nothing',
    file: 'functions/schedule/clean-up.ts',
    code: 'AttentionWaiting: { value: waiting,',
    becomes: 'AttentionWaiting: { value: waiting * 0,',
    test: 'tests/integration/attention-metric.test.ts',
  },
];
