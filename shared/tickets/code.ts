import { Encoder } from 'cbor-x/index-no-eval';
import { sign, verify } from 'node:crypto';
import * as z from 'zod';
import {
  classSchema,
  itemIdSchema,
  orderIdSchema,
  orderOfTicket,
  runIdSchema,
  ticketIdOf,
  ticketIdSchema,
} from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { bytesOfUlid, ulidOfBytes } from '../platform/ulid-bytes.ts';
import { keyIdBytes, privateKeyOf, publicKeyOf, ticketKeyOf, type TicketKey } from './code-keys.ts';

/** The content that a gate reads from a ticket's code, without a network. Times are seconds since 1970. */
export const codeContentSchema = z.object({
  ticketId: ticketIdSchema,
  runId: runIdSchema,
  /** The stop ids where the passenger boards and alights. */
  from: z.string(),
  to: z.string(),
  coach: z.string(),
  seat: z.string(),
  class: classSchema,
  initials: z.string(),
  documentTail: z.string().max(4).optional(),
  validFrom: z.int(),
  validUntil: z.int(),
});
export type CodeContent = z.infer<typeof codeContentSchema>;

/*
 * The bytes: version (1), key id (4), content (CBOR), signature (64) over everything before it. Version and key id lie
 * outside the content, so that a gate verifies before it decodes anything.
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

export type CodeRefusal = 'malformed' | 'unknown-version' | 'unknown-key' | 'bad-signature';

/** Whether the same code may be readable later: a reader that gets a new key or release tries again. */
export const isRetryable = {
  malformed: false,
  'unknown-version': false,
  'unknown-key': false,
  'bad-signature': false,
} as const satisfies Record<CodeRefusal, boolean>;

/**
 * Reads a code with the trusted keys, old ones included. It does not decide whether the ticket is valid now or already
 * used. It accepts a code in one spelling only, that of `signCode`: a list of used or revoked codes would miss any
 * other.
 */
export const readCode = (
  keys: readonly TicketKey[],
  text: string,
): Outcome<{ content: CodeContent }, CodeRefusal> => {
  const bytes = Buffer.from(text, 'base64url');
  // Node ignores characters that are not base64url, and the bits of the last character that belong to no byte.
  if (bytes.toString('base64url') !== text) return rejected('malformed');
  if (bytes.length <= headerBytes + signatureBytes) return rejected('malformed');
  if (bytes[0] !== version) return rejected('unknown-version');
  const keyId = bytes.subarray(1, headerBytes).toString('hex');
  const key = keys.find((each) => each.keyId === keyId);
  if (!key) return rejected('unknown-key');
  const signed = bytes.subarray(0, -signatureBytes);
  if (!verify(null, signed, publicKeyOf(key), bytes.subarray(-signatureBytes))) {
    return rejected('bad-signature');
  }
  const fields = decode(signed.subarray(headerBytes));
  return fields ? accepted({ content: contentOf(fields) }) : rejected('malformed');
};

/** The fields of a payload; undefined if our own encoding of them would differ. */
const decode = (payload: Buffer): ReadonlyMap<unknown, unknown> | undefined => {
  try {
    const fields: unknown = cbor.decode(payload);
    return fields instanceof Map && cbor.encode(fields).equals(payload) ? fields : undefined;
  } catch {
    return undefined;
  }
};

/** Throws if we signed the content but cannot read it: that is a bug, not somebody's input. */
const contentOf = (fields: ReadonlyMap<unknown, unknown>): CodeContent => {
  const named = Object.entries(label).map(([name, number]) => [name, fields.get(number)]);
  return codeContentSchema.parse({
    ...Object.fromEntries(named),
    ticketId: ticketIdFrom(fields.get(label.ticketId)),
  });
};
