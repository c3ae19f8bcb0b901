/** One operation of an AWS service: its input and its answer as the SDK has them. */
export type Operation = (input: Record<string, unknown>) => unknown;

/** Reaches the client as the exception of that name. */
export class AwsError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
