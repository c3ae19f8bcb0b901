import { providerCallback } from '../compose/provider-callback.ts';

/** `POST /v1/payment-callbacks/stripe`: after it stores the event, it answers 200. */
export const handler = providerCallback('stripe');
