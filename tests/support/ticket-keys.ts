import { keeperOfSecrets } from './keeper-of-secrets.ts';

/** The key that signs tickets, and the variables by which a process finds it, as the clean-up does every minute. */
export const withTicketKeys = async <Result>(
  work: (environment: Record<string, string>) => Promise<Result>,
): Promise<Result> => {
  const keeper = await keeperOfSecrets({});
  keeper.kept.set('tickets', { text: 's'.repeat(64) });
  return work({ ...keeper.environment, TICKET_SECRET_ID: 'tickets' }).finally(() => keeper.stop());
};
