import type { PlantedFault } from './model.ts';

const at = (...providers: readonly string[]): string[] => ['--providers', providers.join(',')];

/** What keeps the traps of single providers from costing money: how they tell of trades, and how refunds come about. */
export const providerFaults: readonly PlantedFault[] = [
  {
    name: 'a notification of a refund is taken for a payment',
    file: 'shared/paying/decide-capture.ts',
    code: "return accepted({ write: 'notice', payment, refundNumber: says.refundNumber });",
    becomes:
      "return accepted({ write: 'compare', payment, says: { kind: 'captured', providerTrade: '', paid: { ...payment.amount, amount: 1 } } });",
  },
  {
    name: 'a notification of Alipay with a refund in it says that money came',
    file: 'shared/payments/alipay/notification.ts',
    code: 'if (speaksOfRefund(notification)) return',
    becomes: "if (speaksOfRefund(notification) && notification.trade_status === 'TRADE_CLOSED') return",
    test: 'tests/unit/payments/alipay-notification.test.ts',
  },
  {
    name: 'T12: not-exist counts as closed before the payment has run out',
    file: 'shared/paying/decide-settle.ts',
    code: "(known?.state === 'not-exist' && now >= plusSeconds(expiresAt, notExistMarginSeconds))",
    becomes: "(known?.state === 'not-exist' && now >= plusSeconds(expiresAt, -900 - notExistMarginSeconds))",
    world: at('alipay'),
  },
  {
    name: 'T12: what a bank still works on counts as closed',
    file: 'shared/paying/decide-settle.ts',
    code: "  known?.state === 'closed' ||\n",
    becomes: "  known?.state === 'closed' ||\n  known?.state === 'pending' ||\n",
    world: ['--late', ...at('stripe')],
  },
  {
    name: 'T21: a refund that is accepted counts as done',
    file: 'shared/paying/decide-refund.ts',
    code: "if (answer.state === 'succeeded') return { write: 'confirm' };",
    becomes:
      "if (answer.state === 'succeeded' || answer.state === 'processing') return { write: 'confirm' };",
    world: ['--odd', ...at('wechatpay')],
  },
  {
    name: 'T21: a notification confirms a refund, and nobody asks',
    file: 'shared/paying/submit-refund.ts',
    code: 'const answer = await ask(dependencies, payment, (provider) => provider.queryRefund(payment, refund));',
    becomes:
      "const answer: RefundAnswer = refund.noticedAt ? { state: 'succeeded' } : await ask(dependencies, payment, (provider) => provider.queryRefund(payment, refund));",
    world: ['--odd', ...at('wechatpay')],
  },
  {
    name: 'T21: a refund is sent again sooner than its provider wants',
    file: 'shared/paying/decide-refund.ts',
    code: 'const sendable = sendableAt(refund, terms) ?? now;',
    becomes: 'const sendable = sendableAt(refund, { ...terms, sendAgainAfterSeconds: 0 }) ?? now;',
    also: [
      {
        file: 'shared/payments/refunds-store.ts',
        code: 'OR sentAt <= :sentBefore',
        becomes: 'OR sentAt <= :sentBefore OR sentAt > :sentBefore',
      },
      {
        file: 'shared/paying/decide-refund.ts',
        code: 'const askable = askableAt(refund, terms) ?? now;',
        becomes: 'const askable = askableAt(refund, { ...terms, queryAfterSeconds: 0 }) ?? now;',
      },
      {
        file: 'shared/payments/rules.ts',
        code: "const allowed = answer.state === 'processing' ? askableAt(refund, terms) : sendableAt(refund, terms);",
        becomes:
          "const allowed = answer.state === 'processing' ? askableAt(refund, terms) : sendableAt(refund, { ...terms, sendAgainAfterSeconds: 0 });",
      },
    ],
    world: ['--odd', '--kinds', 'lost-request', ...at('wechatpay')],
  },
  {
    name: 'T40: more goes back than is left of a payment',
    file: 'shared/paying/decide-spread.ts',
    code: 'if (left < amount.amount) return',
    becomes: 'if (left < 0) return',
    also: [
      {
        file: 'shared/paying/decide-spread.ts',
        code: 'const part = Math.min(open, payment.refundable);',
        becomes: 'const part = open;',
      },
      {
        file: 'shared/payments/store.ts',
        code: "ConditionExpression: allOf('attribute_exists(capturedAt)', 'refundable >= :amount'),",
        becomes: "ConditionExpression: allOf('attribute_exists(capturedAt)'),",
      },
    ],
    world: ['--grants'],
  },
  {
    name: 'T40: a grant is less than was promised',
    file: 'shared/paying/decide-spread.ts',
    code: 'const part = Math.min(open, payment.refundable);',
    becomes: 'const part = Math.min(open - 1 || 1, payment.refundable);',
    world: ['--grants'],
  },
  {
    name: 'T13, T14: what goes back stays refundable',
    file: 'shared/payments/store.ts',
    code: "const lessLeft = back === undefined ? '' : ', refundable = refundable - :back';",
    becomes: "const lessLeft = back === undefined ? '' : ', refundable = refundable';",
  },
  {
    name: 'T14: a surplus goes back twice, the second time under another number',
    file: 'shared/paying/apply-payment.ts',
    code: 'takenOf(payment), refundFor, now);\n  return together(\n    bookings,\n    [\n',
    becomes:
      "takenOf(payment), refundFor, now);\n  return together(\n    bookings,\n    [\n{ label: 'again', write: putRefund(bookings, { ...refund, refundNumber: `${refund.refundNumber}2` }) },\n",
  },
  {
    name: 'the journal names another provider than has the money',
    file: 'shared/paying/record-notification.ts',
    code: "entryOf('captured', { orderId, source: paymentId, provider,",
    becomes:
      "entryOf('captured', { orderId, source: paymentId, provider: provider === 'alipay' ? 'stripe' : provider,",
    world: at('alipay'),
  },
  {
    name: 'the journal books captured money as earned',
    file: 'shared/ledger/rules.ts',
    code: "captured: { debit: 'clearing', credit: 'passengers' },",
    becomes: "captured: { debit: 'clearing', credit: 'fares' },",
  },
  {
    name: 'the journal moves money at no provider',
    file: 'shared/ledger/rules.ts',
    code: 'if (!facts.provider && sides.some',
    becomes: 'if (facts.provider && sides.length < 0 && sides.some',
    test: 'tests/unit/ledger/rules.test.ts',
  },
  {
    name: 'a payment is asked about at another provider than it has',
    file: 'shared/paying/ask-provider.ts',
    code: 'const provider = findProvider(name);',
    becomes: "const provider = findProvider(name === 'stripe' ? 'alipay' : name);",
    world: at('alipay', 'stripe'),
  },
];
