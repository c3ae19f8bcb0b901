import type { PlantedFault } from './model.ts';

const settlingGuards = 'tests/integration/guards/settling.test.ts';
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
    code: 'if (isUnfinished(payment)) callsFor(expiresAt,',
    becomes: 'if (isUnfinished(payment)) callsFor(payment.dueAt ?? expiresAt,',
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
    name: 'T34: a refund that the provider may well pay is taken in hand',
    file: 'shared/payments/settling-store.ts',
    code: 'OR requestedAt <= :unconfirmedSince',
    becomes: 'OR requestedAt <= :unconfirmedSince OR requestedAt > :unconfirmedSince',
    test: settlingGuards,
  },
  {
    name: 'T34: a person need not say that the provider is gone',
    file: 'shared/paying/decide-by-hand.ts',
    code: 'unconfirmed && refund.requestedAt <=',
    becomes: "(unconfirmed || refund.state !== 'settling') && refund.requestedAt <=",
    test: 'tests/integration/settle-refund.test.ts',
  },
  {
    name: 'T37: somebody else gives back what a person is paying',
    file: 'shared/payments/settling-store.ts',
    code: "'settledBy = :by', 'size(handled)",
    becomes: "'(settledBy = :by OR attribute_exists(settledBy))', 'size(handled)",
    test: settlingGuards,
  },
  {
    name: 'T38: a payment that can still be paid is closed by hand',
    file: 'shared/payments/close-by-hand-store.ts',
    code: "'expiresAt <= :unclosedSince'",
    becomes: "'(expiresAt <= :unclosedSince OR expiresAt > :unclosedSince)'",
    test: settlingGuards,
  },
  {
    name: 'T38: nobody asks about a payment that was closed by hand',
    file: 'shared/upkeep/clean-up-payment.ts',
    code: 'isWatched(payment)',
    becomes: '(isWatched(payment) && payment.watchedSince)',
    test: 'tests/integration/close-payment-by-hand.test.ts',
  },
  {
    name: 'nobody asks about a dispute that a person has settled while the provider was silent',
    file: 'shared/paying/decide-doubt.ts',
    code: 'if (!isOverAtProvider(payment, known, now)) return',
    becomes: 'if (known && !isOverAtProvider(payment, known, now)) return',
    test: 'tests/integration/amount-disputed.test.ts',
  },
  {
    name: 'a dispute ends the month for which a payment that was closed by hand is asked about',
    file: 'shared/paying/decide-doubt.ts',
    code: 'return again && { again };',
    becomes: 'return again && undefined;',
    test: 'tests/integration/amount-disputed.test.ts',
  },
  {
    name: 'a dispute is over when the money is applied',
    file: 'shared/bookings/attention.ts',
    code: 'seen && lasts(seen.kind)\n    ? { condition: [], remove: [], values: {} }',
    becomes: 'seen && lasts(seen.kind)\n    ? { condition: [], remove: [removeAttention], values: {} }',
    test: 'tests/integration/guards/payments.test.ts',
  },
  {
    name: 'what was settled is brought up again by every repetition',
    file: 'shared/paying/decide-doubt.ts',
    code: 'if (disputedBefore(payment, why))',
    becomes: 'if (why === disputedBefore.name)',
    test: 'tests/integration/amount-disputed.test.ts',
  },
  {
    name: 'what has taken the place of what was seen is settled',
    file: 'shared/bookings/attention-store.ts',
    code: 'AND attention.why = :why AND',
    becomes: 'AND (attention.why = :why OR attribute_exists(attention)) AND',
    test: 'tests/integration/guards/attention.test.ts',
  },
  {
    name: 'what keeps failing is called off while it fails',
    file: 'shared/bookings/attention-store.ts',
    code: '(dueAt > :now AND postponedAt < :recently)',
    becomes: '(dueAt > :now AND (postponedAt < :recently OR postponedAt >= :recently))',
    test: 'tests/integration/keeps-failing.test.ts',
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
