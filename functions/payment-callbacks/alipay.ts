import { alipayEntry } from '../../shared/payments/alipay/entry.ts';
import { providerCallback } from '../compose/provider-callback.ts';

/** `POST /v1/payment-callbacks/alipay`: after it stores the notification, it answers exactly `success`. */
export const handler = providerCallback('alipay', alipayEntry);
