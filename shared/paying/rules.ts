/*
 * The reasons of refusals for payments and refunds, each once. The decisions are in files beside this one, one subject
 * each: decide-start, decide-method, decide-capture, decide-doubt, decide-watch, decide-use, decide-settle, decide-refund,
 * decide-spread, decide-give, decide-by-hand and decide-close-by-hand.
 */

export type StartPaymentRefusal =
  | 'not-found'
  | 'order-not-held'
  /** An exchange of which nothing is to be paid is accepted instead. */
  | 'nothing-to-pay'
  | 'not-on-sale'
  | 'too-little-time-left'
  | 'too-many-payments'
  | 'too-many-unfinished-payments'
  | 'currency-unsupported'
  | 'payment-ended'
  | 'key-reused'
  | 'busy';

/** Why a payment cannot have the wanted method: the provider has none of this name, or the device lacks something. */
export type MethodRefusal = 'no-such-method' | 'needs-openid' | 'needs-address';

/** Why a workflow is not started: the execution of this number has ended before. */
export type WorkflowRefusal = 'ended-before';

/**
 * Why money cannot be applied right now. `seats-busy`: its seats are being released, taken or changed at this moment.
 */
export type UseRefusal = 'seats-busy';

/** Why a capture that a provider reports is not booked: nothing was paid in that trade yet. */
export type CaptureRefusal = 'nothing-taken';

/** Why a verified notification is not booked. `amount-mismatch`: we ask for the provider's own books instead. */
export type NotificationRefusal = 'unknown-payment' | 'amount-mismatch' | 'changed-meanwhile';

/** Why a payment stays in doubt. `still-payable`: we ask about it until it is paid or closed. */
export type DoubtRefusal =
  CaptureRefusal | 'not-in-doubt' | 'still-payable' | 'provider-silent' | 'changed-meanwhile';

/** Why a person may not close a payment. `still-tried`: it ran out only recently. */
export type CloseByHandRefusal = 'still-tried' | 'changed-meanwhile';

/** Why a payment has not ended: the provider is silent, or will not close it yet. */
export type SettleRefusal = 'payment-unfinished';

/**
 * Why a refund is not back. `declined`: for good, so that a person must act. `changed-meanwhile`: somebody else has
 * acted on it since the read, and the provider's answer could not be written.
 */
export type RefundRefusal = 'not-confirmed' | 'declined' | 'changed-meanwhile';

/**
 * Why a person may not pay a refund back by another way, or has not; or may not have it sent again. `only-by-hand`: the
 * provider has paid it and taken it back, and will not pay it again.
 */
export type ByHandRefusal =
  | 'other-amount'
  | 'only-by-hand'
  | 'in-other-hands'
  | 'already-back'
  | 'still-tried'
  | 'provider-silent'
  | 'not-in-your-hands'
  | 'changed-meanwhile';

/**
 * Why a person may not give money of an order back. `key-reused`: that key has given another amount before.
 * `not-enough-left`: less than that is left of the order's payments. `order-leaving`: its years are over, and its data ends.
 */
export type GiveRefusal =
  | 'not-found'
  | 'not-issued'
  | 'other-currency'
  | 'not-enough-left'
  | 'key-reused'
  | 'order-leaving'
  | 'changed-meanwhile';

type PayingRefusal =
  | StartPaymentRefusal
  | MethodRefusal
  | WorkflowRefusal
  | UseRefusal
  | CaptureRefusal
  | NotificationRefusal
  | DoubtRefusal
  | CloseByHandRefusal
  | SettleRefusal
  | RefundRefusal
  | ByHandRefusal
  | GiveRefusal;

/** Whether the same request may succeed a moment later although nobody changes anything. */
export const isRetryable = {
  'not-found': false,
  'order-not-held': false,
  'nothing-to-pay': false,
  'not-on-sale': false,
  'too-little-time-left': false,
  'too-many-payments': false,
  'too-many-unfinished-payments': false,
  'currency-unsupported': false,
  'payment-ended': false,
  'key-reused': false,
  busy: true,
  'no-such-method': false,
  'needs-openid': false,
  'needs-address': false,
  'ended-before': false,
  'seats-busy': true,
  'nothing-taken': true,
  'unknown-payment': false,
  'amount-mismatch': false,
  'not-in-doubt': false,
  'still-payable': false,
  'payment-unfinished': true,
  'not-confirmed': true,
  declined: false,
  'not-issued': false,
  'other-currency': false,
  'not-enough-left': false,
  'order-leaving': false,
  'only-by-hand': false,
  'other-amount': false,
  'in-other-hands': false,
  'already-back': false,
  'still-tried': false,
  'provider-silent': true,
  'not-in-your-hands': false,
  'changed-meanwhile': true,
} as const satisfies Record<PayingRefusal, boolean>;
