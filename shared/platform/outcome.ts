/** The result of a decision, which never throws for anything that a passenger or a provider can cause. */
export type Accepted<Value> = { outcome: 'accepted' } & Value;
export type Rejected<Reason extends string> = { outcome: 'rejected'; reason: Reason };
export type Outcome<Value, Reason extends string> = Accepted<Value> | Rejected<Reason>;

export const accepted = <Value extends object>(value: Value): Accepted<Value> => ({
  outcome: 'accepted',
  ...value,
});
export const rejected = <Reason extends string>(reason: Reason): Rejected<Reason> => ({
  outcome: 'rejected',
  reason,
});

/** Makes a switch exhaustive: if a case is missing, the code does not compile. */
export const never = (value: never): never => {
  throw new Error(`not handled: ${JSON.stringify(value)}`);
};
