import { isFailedCreate, type StackState } from './stacks.ts';
import type { Account } from './account.ts';
import type { Settings } from './settings.ts';

export type Plan = { place: Account; settings: Settings; states: readonly StackState[]; idleDollars: number };

const statusText = (state: StackState): string => {
  if (state.status === undefined) return 'new';
  if (isFailedCreate(state))
    return `its first creation failed (${state.status}): deleted, then created again`;
  return `changed, where it differs (${state.status})`;
};

const row = (name: string, value: string): string => `  ${name.padEnd(16)}${value}`;

/** What a person should know before the question: where, for whom, which stacks, and the price while nobody buys. */
export const planText = ({ place, settings: { deployment }, states, idleDollars }: Plan): string =>
  [
    'Keyun will be deployed:',
    row('account', `${place.account} (${place.arn})`),
    row('region', place.region),
    row('stage', deployment.stage),
    row('carrier', deployment.carrier),
    row('mails from', deployment.mailFrom),
    row('alarms to', deployment.operatorEmail ?? 'nobody: say --operator-email to get mails'),
    row('public address', deployment.publicUrl ?? 'the API’s own'),
    row('when idle', `about $${idleDollars.toFixed(2)} a month at list prices (docs/costs.md)`),
    ...states.map((state) => row(state.name, statusText(state))),
  ].join('\n');
