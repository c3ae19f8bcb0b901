import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Owner, Piece } from './model.ts';

/** Every write pays for the names of its attributes: a seat of a shard or an early stop is one character. */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The first character of every stop from 62 on: each covers as many stops as there are digits. These characters sort
 * after all digits, and so do their stops.
 */
const leads = '{|}~';

const nameOfStop = (index: number): string | undefined => {
  if (index < digits.length) return digits[index];
  const [lead, digit] = [leads[Math.floor(index / digits.length) - 1], digits[index % digits.length]];
  return lead && digit && lead + digit;
};

/** The stop at a position of a name, and the position after it; undefined if there is no stop. */
const stopAt = (name: string, at: number): { index: number; next: number } | undefined => {
  const lead = leads.indexOf(name.charAt(at) || ' ');
  const place = lead < 0 ? at : at + 1;
  const digit = digits.indexOf(name.charAt(place) || ' ');
  return digit < 0 ? undefined : { index: (lead + 1) * digits.length + digit, next: place + 1 };
};

/**
 * `{seat 3, from 0, to 11}` → `30B`, `{seat 3, from 0, to 100}` → `30{c`: the attribute that holds the piece. Names sort
 * like their pieces: by seat, from, to.
 */
export const nameOfPiece = ({ seat, from, to }: Piece): string => {
  const name = [digits[seat], nameOfStop(from), nameOfStop(to)];
  if (from >= to || name.includes(undefined)) throw new RangeError(`no such piece: ${seat} ${from}-${to}`);
  return name.join('');
};

/** The piece that an attribute holds; undefined for attributes that hold none (`pk`, `closed`). */
export const pieceOfName = (name: string): Piece | undefined => {
  const seat = digits.indexOf(name.charAt(0) || ' ');
  const from = stopAt(name, 1);
  const to = from && stopAt(name, from.next);
  if (seat < 0 || !to || to.next !== name.length || to.index <= from.index) return undefined;
  return { seat, from: from.index, to: to.index };
};

/** The value of `closed` in a shard of a run that is closed for good: higher than the number of any change. */
export const closedForGood = Number.MAX_SAFE_INTEGER;

/**
 * A piece that nobody owns. While it is young, a piece that was `kept` at its release is for the waitlist alone; after
 * that it is free like any other, although nothing has rewritten it.
 */
export type UnownedPiece = Piece & { kept?: Instant | undefined };

/** How long a kept piece is for the waitlist alone. */
export const keptSeconds = 120;

/** The time from which anybody may take a kept piece. */
export const keptUntil = (kept: Instant): Instant => plusSeconds(kept, keptSeconds);

/** Who looks for seats: anybody, or the allocator of the waitlist, which may take a kept piece while it is young. */
export type Taker = { now: Instant; isWaitlist: boolean };

const mayTake = ({ kept }: UnownedPiece, { now, isWaitlist }: Taker): boolean =>
  kept === undefined || isWaitlist || keptUntil(kept) <= now;

/** The state of a shard: its pieces by attribute name, each free or owned, and a free one perhaps kept. */
export type ShardState = {
  /** If set, the shard takes no hold: the number of the run's change that closed it, or `closedForGood`. */
  closed: number | undefined;
  pieces: ReadonlyMap<string, UnownedPiece & { owner: Owner | 'free' }>;
};

/** The state of a shard before its first write: every seat is one free piece from the first stop to the last. */
export const untouchedShard = (seatCount: number, stopCount: number): ShardState => ({
  closed: undefined,
  pieces: new Map(
    Array.from({ length: seatCount }, (_, seat) => {
      const piece: Piece = { seat, from: 0, to: stopCount - 1 };
      return [nameOfPiece(piece), { ...piece, owner: 'free' as const }];
    }),
  ),
});

/** A free stretch of a seat: neighbouring free pieces in order, as far as they join. */
export type Gap = { seat: number; from: number; to: number; pieces: UnownedPiece[] };

/** The gaps of a shard that are free for this taker, seat by seat, each as wide as possible. */
export const gapsOf = ({ pieces }: ShardState, taker: Taker): Gap[] => {
  const free = [...pieces.values()]
    .filter((piece) => piece.owner === 'free' && mayTake(piece, taker))
    .sort((a, b) => a.seat - b.seat || a.from - b.from);
  const gaps: Gap[] = [];
  for (const { seat, from, to, kept } of free) {
    const piece = { seat, from, to, ...(kept && { kept }) };
    const last = gaps.at(-1);
    if (last && last.seat === seat && last.to === from) {
      last.to = to;
      last.pieces.push(piece);
    } else {
      gaps.push({ seat, from, to, pieces: [piece] });
    }
  }
  return gaps;
};

/**
 * How to take `[from, to)` out of a gap: the free pieces that the cut consumes, the piece that becomes owned, and the
 * pieces that stay free. What is left of a kept piece stays kept, from the same second.
 */
export type Cut = { consumed: UnownedPiece[]; owned: Piece; left: UnownedPiece[] };

export const cutOf = (gap: Gap, from: number, to: number): Cut => {
  const consumed = gap.pieces.filter((piece) => piece.from < to && piece.to > from);
  const first = consumed[0];
  const last = consumed.at(-1);
  if (!first || !last || first.from > from || last.to < to)
    throw new RangeError('the gap does not cover the stretch');
  const left: UnownedPiece[] = [];
  if (first.from < from) left.push({ ...first, to: from });
  if (last.to > to) left.push({ ...last, from: to });
  return { consumed, owned: { seat: gap.seat, from, to }, left };
};

/**
 * Limits the pieces of one write: DynamoDB allows 300 operators and 4 KB in one expression, and an emulator does not
 * enforce it. A condition takes two operators per consumed piece; this leaves room for the rest.
 */
export const consumedPiecesMax = 140;
