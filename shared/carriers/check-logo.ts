import type { Fault } from './faults.ts';

/** Every mail contains it, and so does the code of the function that sends them. */
const bytesMax = 50_000;
const sideMax = 1200;
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The faults of a logo. Mail readers draw PNG everywhere, SVG hardly anywhere. */
export const checkLogo = (file: string, bytes: Buffer): Fault[] => {
  const fault = (message: string): Fault => ({ file, path: '', message });
  if (!bytes.subarray(0, signature.length).equals(signature) || bytes.length < 24)
    return [fault('must be a PNG picture')];
  // Width and height are the first fields of the first chunk (PNG specification, 11.2.1).
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return [
    ...(bytes.length > bytesMax
      ? [fault(`must have at most ${bytesMax} bytes, and has ${bytes.length}`)]
      : []),
    ...(Math.max(width, height) > sideMax
      ? [fault(`must measure at most ${sideMax} by ${sideMax} pixels, and measures ${width} by ${height}`)]
      : []),
  ];
};
