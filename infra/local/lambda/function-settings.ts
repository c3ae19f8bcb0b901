/** The settings that the template gives a function, as far as they matter on this machine. */
export type FunctionSettings = {
  name: string;
  arn: string;
  /** Its name for people: its description in the template, or else its name. */
  title: string;
  /** The bundle's file and the name of its export. */
  file: string;
  exportName: string;
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryMegabytes: number;
};
