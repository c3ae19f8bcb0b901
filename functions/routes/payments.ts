import { route } from './route.ts';

/**
 * Where payment providers tell what happened. One literal path per provider: an unknown one is simply not found. The
 * bodies are the providers' own and are verified on the raw bytes, so no schema stands here.
 */
export const paymentsRoutes = {
  alipayNotification: route({
    method: 'POST',
    path: '/v1/payment-callbacks/alipay',
    function: 'payment-callbacks/alipay',
    caller: 'provider',
    tag: 'Payment callbacks',
    summary: "Alipay's asynchronous notification: a signed form, answered with the text `success` or `fail`",
    success: { status: 200, description: 'The text `success`: the notification is stored' },
    problems: [],
  }),
};
