import type { Passenger, Person } from '../orders/model.ts';
import type { OrderId } from '../platform/ids.ts';
import { maskDocument, maskName } from '../users/document.ts';
import { claimOf, newDocumentKey, orderKeyOf, sealDocument } from '../users/seal-document.ts';
import type { OrderRequest } from './draft-order.ts';

type Keys = { keys: () => Promise<{ seal: Buffer; claim: Buffer }> };

/** Passengers as stored: documents sealed for this order under a key of its own, and claimed by a keyed hash. */
export const sealPassengers = async (
  { keys }: Keys,
  { passengers }: Pick<OrderRequest, 'passengers'>,
  orderId: OrderId,
): Promise<{ passengers: Passenger[]; documentKey: string }> => {
  const { seal, claim } = await keys();
  const documentKey = newDocumentKey();
  const orderKey = orderKeyOf(seal, documentKey);
  const personOf = ({ name, type, document }: OrderRequest['passengers'][number]): Person => ({
    name,
    nameMasked: maskName(name),
    type,
    ...(document && {
      documentMasked: maskDocument(document),
      documentSealed: sealDocument(orderKey, document, orderId),
      documentClaim: claimOf(claim, document),
    }),
  });
  const stored = passengers.map((passenger) => ({
    ...personOf(passenger),
    ...(passenger.onLap?.length && { onLap: passenger.onLap.map(personOf) }),
  }));
  return { passengers: stored, documentKey };
};
