/** The exact text that is replaced in one file of the product; it stands there once. */
export type Edit = { file: string; code: string; becomes: string };

/** A deliberate fault. */
export type PlantedFault = Edit & {
  name: string;
  /** Options for the worlds in which it is likely to show; others would take hundreds of seeds. */
  world?: readonly string[];
  /** What is broken with it, where one guard stands behind another. */
  also?: readonly Edit[];
  /** The tests that catch it, where no simulation can or hardly any seed does. */
  test?: string;
};
