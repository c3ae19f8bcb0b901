const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The 128 bits of a ULID. */
export const bytesOfUlid = (ulid: string): Buffer => {
  let value = 0n;
  for (const letter of ulid) value = value * 32n + BigInt(crockford.indexOf(letter));
  return Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
};

/** The 26 characters of 128 bits. */
export const ulidOfBytes = (bytes: Uint8Array): string => {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let letters = '';
  for (let place = 0; place < 26; place += 1) {
    letters = crockford.charAt(Number(value % 32n)) + letters;
    value /= 32n;
  }
  return letters;
};

/** The milliseconds since 1970 at which a ULID was made. */
export const timeOfUlid = (ulid: string): number => bytesOfUlid(ulid).readUIntBE(0, 6);
