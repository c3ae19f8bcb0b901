import { lookup } from 'node:dns/promises';
import type { Answer } from './answer.ts';

/** Whether the public address, if there is one, leads anywhere. */
export const askDomain = async (publicUrl: string | undefined): Promise<Answer> => {
  if (publicUrl === undefined) return { says: 'the API has its own address of AWS', faults: [] };
  const { hostname } = new URL(publicUrl);
  const found = await lookup(hostname).then(
    () => true,
    () => false,
  );
  return {
    says: `${hostname} leads to an address`,
    faults: found
      ? []
      : [{ what: `${hostname} leads nowhere`, remedy: 'enter the domain’s record, or leave publicUrl out' }],
  };
};
