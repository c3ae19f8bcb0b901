import type { PayingDevice } from '../../shared/payments/provider.ts';
import type { ApiRequest } from '../middleware/api-request.ts';

type Request = Pick<ApiRequest<unknown, unknown, unknown>, 'headers' | 'address'>;

/** The passenger's device, as a request shows it. */
export const deviceOf = ({ headers, address }: Request, openid?: string): PayingDevice => ({
  userAgent: headers['user-agent'] ?? '',
  address,
  openid,
});
