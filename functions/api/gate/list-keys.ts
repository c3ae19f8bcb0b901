import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { answered, apiHandler } from '../../middleware/api-handler.ts';
import { ticketKeyRing } from '../../compose/ticket-keys.ts';
import { gateRoutes } from '../../routes/gate.ts';

/**
 * The keys come from the secret itself, and from no table: whoever may write tables could otherwise make gates without a
 * network trust a key of their own.
 */
export const handler = apiHandler(gateRoutes.listGateKeys, async () => {
  const { trusted } = await ticketKeyRing();
  const keys = trusted.map(({ keyId, publicKey }) => ({
    keyId,
    algorithm: 'Ed25519' as const,
    publicKey: publicKey.toString('base64url'),
  }));
  return answered({ carrierId: carrier().carrierId, keys });
});
