import { codeBehind } from './code-of-functions.ts';
import { placeOf, type Check, type CheckedFunction, type Subject } from './model.ts';
import { isObject } from './template-values.ts';

/** Variables that a function may read although its template does not set them, and why. */
const neverSet: Readonly<Record<string, string>> = {
  KEYUN_TIME_SCALE: 'only the local run lets time run faster; without it a second is a second',
  KEYUN_TIME_ORIGIN: 'only the local run moves the clock',
};

/** Variables that every function has, and why. */
const setEverywhere: Readonly<Record<string, string>> = {
  KEYUN_STAGE: 'a person sees in the console to which deployment a function belongs',
  KEYUN_CARRIER: 'a person sees in the console to which carrier a function belongs',
};

/** What functions reach and never use: entry → variable → why. */
const reachedInVain: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  ['api/orders/cancel-order', 'events/apply-payment', 'workflow/close-payment'].map((entry) => [
    entry,
    {
      TICKET_SECRET_ID: 'it passes the key on to use cases that settle money; only those that issue read it',
    },
  ]),
);

/** The schema of the environment names every variable; a function that only parses it does not read them all. */
const isVariable = (word: string, known: ReadonlySet<string>): boolean =>
  known.has(word) ||
  /^(?:KEYUN|POWERTOOLS)_[A-Z_]+$/.test(word) ||
  /^[A-Z]+_(?:TABLE|SECRET_ID|ARN)$/.test(word);

/** Each function has the variables that its code reads, and no others. */
export const environmentCheck: Check = {
  name: 'environment',
  proves: 'each function has exactly the variables that its code reads',
  find: (subject) => {
    const known = new Set(subject.functions.flatMap((one) => variablesOf(subject, one)));
    return subject.functions.flatMap((one) => {
      const { entry, stackName, logicalId } = one;
      const set = variablesOf(subject, one);
      const read = readBy(subject, one, known);
      const mayLack = { ...neverSet, ...reachedInVain[entry] };
      return [
        ...[...read]
          .filter((name) => !set.includes(name) && !(name in mayLack))
          .map((name) => ({
            what: `${entry} reads ${name}, which its template does not set`,
            remedy: 'set it in infra/constructs/permissions.ts, with the grant that goes with it',
          })),
        ...set
          .filter((name) => !read.has(name) && !(name in setEverywhere))
          .map((name) => ({
            what: `${entry} never reads ${name}, which its template sets`,
            remedy: 'remove it, or the grant behind it in infra/constructs/grants.ts',
          })),
      ].map((fault) => ({ where: placeOf(stackName, logicalId, ['Environment']), ...fault }));
    });
  },
};

const variablesOf = ({ stacks }: Subject, { stackName, logicalId }: CheckedFunction): string[] => {
  const stack = stacks.find((one) => one.stackName === stackName);
  const environment = stack?.Resources[logicalId]?.Properties?.['Environment'];
  const variables = isObject(environment) ? environment['Variables'] : undefined;
  return isObject(variables) ? Object.keys(variables) : [];
};

/** Packages read their own variables; the code of a provider makes the name of its secret from its own name. */
const readBy = (subject: Subject, one: CheckedFunction, known: ReadonlySet<string>): Set<string> => {
  const { words, names } = codeBehind(subject, one.entry);
  const ours = [...words].filter((word) => isVariable(word, known));
  const ofPackages = [...known].filter((name) => name.startsWith('POWERTOOLS_') && one.bundle.includes(name));
  const ofProviders = names.has('secretVariable')
    ? variablesOf(subject, one).filter((name) => name.endsWith('_SECRET_ID'))
    : [];
  return new Set([...ours, ...ofPackages, ...ofProviders]);
};
