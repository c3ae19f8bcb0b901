/** What the template says of a function, as far as it matters on this machine. */
export type FunctionSettings = {
  name: string;
  arn: string;
  /** What people call it: its description in the template, or else its name. */
  title: string;
  /** The bundle's file and the name of what it exports. */
  file: string;
  exportName: string;
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryMegabytes: number;
};
