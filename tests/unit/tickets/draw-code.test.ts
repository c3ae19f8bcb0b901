import { inflateSync } from 'node:zlib';
import { drawCode } from '../../../shared/tickets/draw-code.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';

type Picture = { width: number; height: number; isDark: (x: number, y: number) => boolean };

/** Reads a PNG of 8 bits a channel whose rows are not filtered or filtered by "none" and "up" alone. */
const readPng = (png: Buffer): Picture => {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = { 0: 1, 2: 3, 6: 4 }[png.readUInt8(25)]!;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const bytes = inflateSync(Buffer.concat(parts));
  const row = width * channels + 1;
  expect(png.readUInt8(24)).toBe(8);
  for (let y = 0; y < height; y += 1) expect(bytes[y * row]).toBe(0);
  return { width, height, isDark: (x, y) => bytes[y * row + 1 + x * channels]! < 128 };
};

test('the picture of a code is an Aztec symbol with a white border', async () => {
  const [ticket] = sampleTickets(sampleOrder('paid'));
  const png = await drawCode(ticket!.code);
  const { width, height, isDark } = readPng(png);

  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  expect(width).toBe(height);
  expect(width).toBeGreaterThan(300);
  expect(width).toBeLessThan(700);
  expect(png.length).toBeLessThan(20_000);

  const edge = Array.from({ length: width }, (_, at) => [
    isDark(at, 0),
    isDark(0, at),
    isDark(at, height - 1),
    isDark(width - 1, at),
  ]);
  expect(edge.flat()).not.toContain(true);

  // The bull's eye: from the middle outwards the rings change colour at every module, seven times.
  const middle = Math.floor(width / 2);
  const colours = Array.from({ length: 7 }, (_, ring) => isDark(middle + ring * 8, middle));
  expect(colours).toEqual([true, false, true, false, true, false, true]);
});
