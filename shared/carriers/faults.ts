/** A fault in a carrier's folder: the file, the path in the file (empty for the whole file), and the reason. */
export type Fault = { file: string; path: string; message: string };

export const faultText = ({ file, path, message }: Fault): string =>
  [file, path, message].filter((part) => part !== '').join(': ');
