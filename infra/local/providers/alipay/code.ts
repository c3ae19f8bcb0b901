import type { GatewayRequest } from './request.ts';

/** What the merchant signed for a code that nobody has scanned yet. There is no trade before. */
export type Code = { code: string; outTradeNo: string; request: GatewayRequest };
