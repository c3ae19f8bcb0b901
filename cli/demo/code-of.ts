import type { PaymentAction } from '../../shared/payments/model.ts';
import { never } from '../../shared/platform/outcome.ts';

/** What the buyer's device opens, scans or hands over: the sandbox leads from it to the page of the payment. */
export const codeOf = (action: PaymentAction): string => {
  switch (action.kind) {
    case 'redirect':
      return action.url;
    case 'qr-code':
      return action.text;
    case 'client-secret':
      return action.value;
    case 'parameters':
      return action.parameters['package'] ?? '';
    default:
      return never(action);
  }
};
