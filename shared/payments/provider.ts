import type { Instant } from '../platform/time.ts';
import type { Money } from '../platform/money.ts';
import type { Outcome } from '../platform/outcome.ts';
import type { ProviderBills } from './bill.ts';
import type { Payment, PaymentAction, ProviderName, Refund } from './model.ts';

/**
 * The product's interface to a payment provider. An implementation speaks the provider's wire protocol and nothing
 * else: it stores nothing, decides nothing, and throws only if it could not reach or understand the provider. The
 * request may then have happened or not, and the caller asks again with the same number. The signal means that nobody
 * waits for the answer any more; an implementation may ignore it. tests/integration/provider-contract.test.ts checks
 * all this for every provider, real or for tests.
 */
export type PaymentProvider = {
  name: ProviderName;
  currencies: readonly string[];
  /** The ways to pay that this deployment's contract has; at least one. */
  methods: readonly PaymentMethod[];
  /** The name of the method that fits a device best; the device can do what it needs. */
  methodFor(device: PayingDevice): string;
  /** Makes what the client needs to pay `payment` by its method until `payment.expiresAt`. */
  begin(payment: Payment, wish: BeginWish, signal?: AbortSignal): Promise<PaymentAction>;
  /** The provider's record of the payment, by our number: `not-exist` until the buyer comes, although it is payable. */
  query(payment: Payment, signal?: AbortSignal): Promise<ProviderPayment>;
  /** Ends the trade, so that it accepts no money any more; `captured` if it was paid before. Safe to repeat. */
  close(payment: Payment, signal?: AbortSignal): Promise<ProviderPayment>;
  /** Requests a refund with its fixed number, which moves money once. Never more than the rest of the payment. */
  refund(payment: Payment, refund: Refund, signal?: AbortSignal): Promise<ProviderRefund>;
  /** The provider's times for refunds. */
  refundTerms: RefundTerms;
  queryRefund(payment: Payment, refund: Refund, signal?: AbortSignal): Promise<ProviderRefund>;
  /** What the provider says that it moved, day by day. */
  bills: ProviderBills;
  /** Verifies and reads a notification; the provider defines the answer to give. */
  readNotification(request: NotificationRequest): Promise<NotificationReading>;
  /** The HTTP answers that the provider understands. */
  answers: { received: NotificationAnswer; refused: NotificationAnswer };
};

/** A way to pay, for some devices. */
export type PaymentMethod = {
  name: string;
  /** What the client gets to do. */
  action: PaymentAction['kind'];
  /** What a device must have besides a browser. */
  needs?: readonly DeviceNeed[];
};

/** `openid`: the passenger's id in the app around the page. `address`: the passenger's own network address. */
export type DeviceNeed = 'openid' | 'address';

/** What a request tells about the device on which the passenger pays; `userAgent` may be empty. */
export type PayingDevice = { userAgent: string } & Partial<Record<DeviceNeed, string | undefined>>;

export type BeginWish = {
  /** What the passenger sees: the journey. */
  subject: string;
  /** Where the passenger's browser goes afterwards. */
  returnUrl: string | undefined;
  /** Where the provider sends its notifications. */
  notifyUrl: string;
  device: PayingDevice;
};

/**
 * The provider has the money of a trade; `providerTrade` is its own number of that trade. `paidAt` is when, by its own clock, if
 * it says so: the moment that decides in which bill the payment is.
 */
export type ProviderCapture = { state: 'captured'; providerTrade: string; paid: Money; paidAt?: Instant };

export const paidAtOf = (paidAt: Instant | undefined): Pick<ProviderCapture, 'paidAt'> =>
  paidAt === undefined ? {} : { paidAt };

export type ProviderPayment = ProviderCapture | { state: 'closed' | 'pending' | 'not-exist' };

/** Why a refund failed: the provider has paid another amount under its number, so that some of it may be back. */
export const otherAmount = 'amount-differs';

export type ProviderRefund =
  | { state: 'succeeded' | 'processing' | 'not-exist' }
  /**
   * Not now, and it may do so later by the same number. `tooOften`: nothing is wrong but the moment, such as a minute that must
   * pass between two refunds of one payment.
   */
  | { state: 'declined'; why: string; tooOften?: true }
  /** Never. */
  | { state: 'failed'; why: string };

/**
 * How long after a refund was sent the provider wants the first question about it, and how long after it was sent it may be sent
 * again by the same number.
 */
export type RefundTerms = { queryAfterSeconds: number; sendAgainAfterSeconds: number };

/** The raw request: the unchanged body, and header names in lower case. */
export type NotificationRequest = {
  headers: Record<string, string | undefined>;
  body: Buffer;
  receivedAt: Instant;
};

export type NotificationAnswer = { statusCode: number; contentType: string; body: string };

/** A verified notification: its payment and what it reports. `other` needs no action. */
export type VerifiedNotification = {
  notificationId: string;
  paymentNumber: string;
  says:
    | ({ kind: 'captured' } & Omit<ProviderCapture, 'state'>)
    | { kind: 'closed' }
    /** Something happened to a refund of the payment, good or bad: ask. The number is our own, if the notification has it. */
    | { kind: 'refunded'; refundNumber?: string | undefined }
    | { kind: 'other' };
};

/** The reason names the failed check, never the content, which may be anybody's. The same request never passes later. */
export type NotificationReading = Outcome<{ notification: VerifiedNotification }, string>;
