import * as z from 'zod';
import { numberAtProviderSchema } from '../number-at-provider.ts';

const present = z.string().trim().min(1);

/**
 * What a carrier gets from Alipay; keys as PEM (PKCS#8 for the merchant's private key, SPKI for Alipay's public key).
 */
export const alipaySecretSchema = z.object({
  appId: present,
  sellerId: present,
  privateKey: present,
  alipayPublicKey: present,
  gateway: z.url(),
});
export type AlipaySecret = z.infer<typeof alipaySecretSchema>;

/** Alipay settles in yuan here; its cross-border products are different ones. */
export const alipayCurrency = 'CNY';

export const tradeStatusSchema = z.enum([
  'WAIT_BUYER_PAY',
  'TRADE_CLOSED',
  'TRADE_SUCCESS',
  'TRADE_FINISHED',
]);
export type TradeStatus = z.infer<typeof tradeStatusSchema>;

/**
 * The common fields of every answer of the gateway (source: "Common response parameters" of Alipay's open platform).
 */
export const answerSchema = z.looseObject({ code: z.string(), sub_code: z.string().optional() });
export type Answer = z.infer<typeof answerSchema>;

/** `alipay.trade.precreate`: the text of the code. */
export const precreateAnswerSchema = z.object({ qr_code: present });

/** `alipay.trade.query`: the fields that we use. */
export const queryAnswerSchema = z.object({
  out_trade_no: z.string(),
  trade_no: numberAtProviderSchema,
  trade_status: tradeStatusSchema,
  total_amount: z.string(),
  send_pay_date: z.string().optional(),
});

/** `alipay.trade.refund`: `fund_change` tells whether this very call moved money. */
export const refundAnswerSchema = z.object({
  out_trade_no: z.string(),
  fund_change: z.enum(['Y', 'N']).optional(),
});

/**
 * `alipay.trade.fastpay.refund.query`: without `refund_status` the refund has not succeeded, or Alipay does not know
 * it.
 */
export const refundQueryAnswerSchema = z.object({
  out_request_no: z.string().optional(),
  refund_status: z.string().optional(),
  refund_amount: z.string().optional(),
});

/** The fields of a notification that we use, after its signature has proved good. */
export const notificationSchema = z.object({
  notify_id: numberAtProviderSchema,
  out_trade_no: present,
  trade_no: numberAtProviderSchema,
  trade_status: tradeStatusSchema,
  total_amount: z.string().optional(),
  out_biz_no: z.string().optional(),
  refund_fee: z.string().optional(),
  gmt_refund: z.string().optional(),
  gmt_payment: z.string().optional(),
});
export type AlipayNotification = z.infer<typeof notificationSchema>;

/** `alipay.data.dataservice.bill.downloadurl.query`: an address that lives for thirty seconds. */
export const billAnswerSchema = z.object({ bill_download_url: present });
