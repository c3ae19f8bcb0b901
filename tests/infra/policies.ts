import { providerSecrets } from './provider-secrets.ts';
import { assembly, functionNamed, ofType, target, type Value } from './synthesis.ts';

type Statement = {
  Effect: string;
  Action: string | string[];
  Resource: Value;
  Condition?: Record<string, Record<string, Value>>;
};

export const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

export const policies = (): { role: string; statements: Statement[] }[] =>
  ofType(assembly().whole, 'AWS::IAM::Policy').map(([, { Properties: properties }]) => ({
    role: target((properties['Roles'] as Value[])[0]),
    statements: (properties['PolicyDocument'] as unknown as { Statement: Statement[] }).Statement,
  }));

export const statementsOf = (entry: string): Statement[] => {
  const [, { Properties: properties }] = functionNamed(assembly().whole, entry);
  const role = target(properties['Role']);
  return policies().find((policy) => policy.role === role)?.statements ?? [];
};
export const actionsOf = (entry: string): string[] =>
  statementsOf(entry).flatMap(({ Action: action }) => list(action));

/** The table, secret or key behind an exported value: `Bookings`. */
export const exported = (value: Value): string => {
  const text = JSON.stringify(value);
  return (
    [
      'Timetable',
      'Inventory',
      'Availability',
      'Bookings',
      'MasterSecret',
      'TicketSecret',
      ...providerSecrets.map(({ id }) => id),
      'Key',
    ].find((name) => text.includes(name)) ?? text
  );
};
