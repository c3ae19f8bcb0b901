/**
 * An output of a stack and the variable of functions with the same value have one name, each in its own form: `PublicUrl`
 * and `PUBLIC_URL`. The command line finds what it needs by this rule.
 */
export const variableOf = (output: string): string =>
  output.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();

/** The other way round. */
export const outputOf = (variable: string): string =>
  variable
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
