import { Encoder } from 'cbor-x/index-no-eval';
import { sign, verify } from 'node:crypto';
import * as z from 'zod';
import { itemIdSchema, orderIdSchema, orderOfTicket, ticketIdOf } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { bytesOfUlid, ulidOfBytes } from '../platform/ulid-bytes.ts';
import { keyIdBytes, privateKeyOf, publicKeyOf, ticketKeyOf, type TicketKey } from './code-keys.ts';
import { codeContentSchema, type CodeContent, type CodeRefusal } from './code-content.ts';
import { codeLengthMax } from './code-length.ts';
import { readCbor } from './read-cbor.ts';

/*
 * The bytes: version (1), key id (4), content (CBOR), signature (64) over everything before it. Version and key id lie
 * outside the content, so that a later version may have any.
 */
const version = 1;
const headerBytes = 1 + keyIdBytes;
const signatureBytes = 64;

/** The code uses numbers for field names, because every byte makes the symbol harder to scan. Never reuse a number. */
const label = {
  ticketId: 1,
  runId: 2,
  from: 3,
  to: 4,
  coach: 5,
  seat: 6,
  class: 7,
  initials: 8,
  documentTail: 9,
  validFrom: 10,
  validUntil: 11,
  carrierId: 12,
} as const satisfies Record<keyof CodeContent, number>;

const cbor = new Encoder({ useRecords: false, mapsAsObjects: false, variableMapSize: true });

const ticketIdBytes = (ticketId: CodeContent['ticketId']): Buffer => {
  const { orderId, itemId } = orderOfTicket(ticketId);
  return Buffer.concat([bytesOfUlid(orderId), Buffer.of(Number(itemId))]);
};

const ticketIdFrom = (bytes: unknown): CodeContent['ticketId'] => {
  const read = z.instanceof(Uint8Array).parse(bytes);
  if (read.length !== 17)
    throw new RangeError('the id of a ticket is 16 bytes of its order and one of its item');
  return ticketIdOf(
    orderIdSchema.parse(ulidOfBytes(read.subarray(0, 16))),
    itemIdSchema.parse(String(read[16])),
  );
};

/**
 * The signed text of a ticket's symbol, base64url: 150 to 200 bytes for usual content. The same content and key give
 * the same text (Ed25519 draws no random numbers), so issuing a ticket twice makes one ticket.
 */
export const signCode = (seed: Buffer, content: CodeContent): string => {
  const fields = Object.entries(label).flatMap(([name, number]): [number, unknown][] => {
    const value = content[name as keyof CodeContent];
    if (value === undefined) return [];
    return [[number, name === 'ticketId' ? ticketIdBytes(content.ticketId) : value]];
  });
  const keyId = Buffer.from(ticketKeyOf(seed).keyId, 'hex');
  const signed = Buffer.concat([Buffer.of(version), keyId, cbor.encode(new Map(fields))]);
  return Buffer.concat([signed, sign(null, signed, privateKeyOf(seed))]).toString('base64url');
};

/** Whether the same code may be readable later: a reader that gets a new key or release tries again. */
export const isRetryable = {
  'code-damaged': false,
  'code-other-version': false,
  'code-other-carrier': false,
  'code-unknown-key': false,
  'code-forged': false,
} as const satisfies Record<CodeRefusal, boolean>;

/** Whose codes a reader accepts: this carrier's, signed with one of these keys, old ones included. */
export type Trust = { keys: readonly TicketKey[]; carrierId: string };

type Fields = ReadonlyMap<number, unknown>;

/**
 * Reads a code. It does not decide whether the ticket is valid now or already used. It accepts a code in one spelling
 * only, that of `signCode`: a list of used or revoked codes would miss any other. Without a signature that verifies,
 * nothing in the code counts but to say what is wrong with it.
 */
export const readCode = (
  { keys, carrierId }: Trust,
  text: string,
): Outcome<{ content: CodeContent }, CodeRefusal> => {
  const bytes = bytesOf(text);
  if (!bytes) return rejected('code-damaged');
  if (bytes[0] !== version) return rejected('code-other-version');
  const signed = bytes.subarray(0, -signatureBytes);
  const fields = readCbor(signed.subarray(headerBytes));
  if (!fields) return rejected('code-damaged');
  const keyId = bytes.subarray(1, headerBytes).toString('hex');
  const key = keys.find((each) => each.keyId === keyId);
  if (!key) return rejected(isOfAnother(fields, carrierId) ? 'code-other-carrier' : 'code-unknown-key');
  if (!verify(null, signed, publicKeyOf(key), bytes.subarray(-signatureBytes)))
    return rejected('code-forged');
  if (isOfAnother(fields, carrierId)) return rejected('code-other-carrier');
  return accepted({ content: contentOf(fields) });
};

/** The bytes of a code; undefined for a text that `signCode` cannot have made. */
const bytesOf = (text: string): Buffer | undefined => {
  if (text.length > codeLengthMax) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Node ignores characters that are not base64url, and the bits of the last character that belong to no byte.
  const isWhole = bytes.length > headerBytes + signatureBytes && bytes.toString('base64url') === text;
  return isWhole ? bytes : undefined;
};

const isOfAnother = (fields: Fields, carrierId: string): boolean => {
  const named = fields.get(label.carrierId);
  return named !== undefined && named !== carrierId;
};

/** Throws if we signed the content but cannot read it: that is a bug, not somebody's input. */
const contentOf = (fields: Fields): CodeContent => {
  const named = Object.entries(label).map(([name, number]) => [name, fields.get(number)]);
  return codeContentSchema.parse({
    ...Object.fromEntries(named),
    ticketId: ticketIdFrom(fields.get(label.ticketId)),
  });
};
