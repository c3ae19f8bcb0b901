import { wechatpayEntry } from '../../shared/payments/wechatpay/entry.ts';
import { providerCallback } from '../compose/provider-callback.ts';

/** `POST /v1/payment-callbacks/wechatpay`: after it stores the notification, it answers 204. */
export const handler = providerCallback('wechatpay', wechatpayEntry);
