/** The story of the demo. */
export const runDemo = async (): Promise<number> => 1;
