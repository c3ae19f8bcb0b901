import { bytesOfUlid, ulidOfBytes } from '../../../shared/platform/ulid-bytes.ts';

test.each([
  ['00000000000000000000000000', '00'.repeat(16)],
  ['7ZZZZZZZZZZZZZZZZZZZZZZZZZ', 'ff'.repeat(16)],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01563e3ab5d3d6764c61efb99302bd5b'],
])('%s is the 16 bytes %s, and back', (ulid, hex) => {
  expect(bytesOfUlid(ulid).toString('hex')).toBe(hex);
  expect(ulidOfBytes(Buffer.from(hex, 'hex'))).toBe(ulid);
});
