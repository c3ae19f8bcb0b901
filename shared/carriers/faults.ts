/** What is wrong with a carrier's folder: the file in it, the path in the file (empty for all of it), and what. */
export type Fault = { file: string; path: string; message: string };

export const faultText = ({ file, path, message }: Fault): string =>
  [file, path, message].filter((part) => part !== '').join(': ');
