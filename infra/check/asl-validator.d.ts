declare module 'asl-validator' {
  type Fault = { 'Error code': string; Message: string };

  /** Checks a definition of the Amazon States Language. */
  export default function validate(definition: object): { isValid: boolean; errors: readonly Fault[] };
}
