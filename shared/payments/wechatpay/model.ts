import * as z from 'zod';
import { currencySchema } from '../../platform/money.ts';
import { numberAtProviderSchema } from '../number-at-provider.ts';

const present = z.string().trim().min(1);

/** The ways to pay that the contract has; a merchant applies for each. */
export const wechatpayMethodNames = ['native', 'h5', 'jsapi'] as const;
const methodNameSchema = z.enum(wechatpayMethodNames);
export type WechatpayMethodName = z.infer<typeof methodNameSchema>;

/**
 * What a carrier gets from WeChat Pay. `serialNo` is the number of the merchant's certificate, `privateKey` its PKCS #8 PEM.
 * `platformKeys` verify what WeChat Pay signs: by the number of a platform certificate or the id of a public key
 * (`PUB_KEY_ID_…`), as PEM; during a change of keys there are two.
 */
export const wechatpaySecretSchema = z.object({
  appId: present,
  mchId: present,
  serialNo: present,
  privateKey: present,
  apiV3Key: z.string().refine((key) => Buffer.byteLength(key) === 32, 'must have 32 bytes'),
  platformKeys: z.record(present, present).refine((keys) => Object.keys(keys).length > 0),
  methods: z.array(methodNameSchema).min(1).optional(),
  gateway: z.url(),
});
export type WechatpaySecret = z.infer<typeof wechatpaySecretSchema>;

/** The only currency of a merchant in mainland China. */
export const wechatpayCurrency = 'CNY';

/** An error answer; the status alone says little (source: "Error codes" of each interface). */
export const errorSchema = z.looseObject({ code: z.string() });

export const codeUrlSchema = z.object({ code_url: present });
export const h5UrlSchema = z.object({ h5_url: z.url() });
export const prepayIdSchema = z.object({ prepay_id: present });

const amountSchema = z.object({
  total: z.int().nonnegative(),
  currency: currencySchema.default(wechatpayCurrency),
});

/** A transaction, in an answer as in a notification: the fields that we use. It has no amount before it is paid. */
export const transactionSchema = z.object({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: present,
  transaction_id: numberAtProviderSchema.optional(),
  trade_state: z.enum(['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR']),
  amount: amountSchema.optional(),
  success_time: z.string().optional().catch(undefined),
});
export type Transaction = z.infer<typeof transactionSchema>;

/** A refund, in an answer: the fields that we use. */
export const refundSchema = z.object({
  out_refund_no: z.string(),
  status: z.enum(['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']),
  amount: z.object({ refund: z.int() }),
});
export type WechatpayRefund = z.infer<typeof refundSchema>;

/** A notification before it is decrypted. */
export const envelopeSchema = z.object({
  id: numberAtProviderSchema,
  event_type: z.string(),
  resource: z.object({
    algorithm: z.literal('AEAD_AES_256_GCM'),
    ciphertext: z.string(),
    associated_data: z.string().default(''),
    nonce: z.string(),
    original_type: z.string().optional(),
  }),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** What a notification about a refund contains. */
export const refundNoticeSchema = z.object({
  mchid: z.string(),
  out_trade_no: present,
  out_refund_no: present,
  refund_status: z.string(),
});

/** `GET /v3/bill/tradebill`: where the file is, and the SHA-1 of its content (before gzip). */
export const billSchema = z.object({
  download_url: z.url(),
  hash_type: z.literal('SHA1'),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
});
export type WechatpayBill = z.infer<typeof billSchema>;
