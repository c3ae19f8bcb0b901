import { stripeEntry } from '../../shared/payments/stripe/entry.ts';
import { providerCallback } from '../compose/provider-callback.ts';

/** `POST /v1/payment-callbacks/stripe`: after it stores the event, it answers 200. */
export const handler = providerCallback('stripe', stripeEntry);
