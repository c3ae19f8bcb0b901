import { providerCallback } from '../compose/provider-callback.ts';

/** `POST /v1/payment-callbacks/alipay`: answers `success` and nothing else once the notification is stored. */
export const handler = providerCallback('alipay');
