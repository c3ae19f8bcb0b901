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

/** The state of a shard: its pieces by attribute name, each free or owned. */
export type ShardState = {
  /** If set, the shard takes no hold: the number of the run's change that closed it, or `closedForGood`. */
  closed: number | undefined;
  pieces: ReadonlyMap<string, Piece & { owner: Owner | 'free' }>;
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
export type Gap = { seat: number; from: number; to: number; pieces: Piece[] };

/** The free gaps of a shard, seat by seat, each as wide as possible. */
export const gapsOf = ({ pieces }: ShardState): Gap[] => {
  const free = [...pieces.values()]
    .filter(({ owner }) => owner === 'free')
    .sort((a, b) => a.seat - b.seat || a.from - b.from);
  const gaps: Gap[] = [];
  for (const { seat, from, to } of free) {
    const last = gaps.at(-1);
    if (last && last.seat === seat && last.to === from) {
      last.to = to;
      last.pieces.push({ seat, from, to });
    } else {
      gaps.push({ seat, from, to, pieces: [{ seat, from, to }] });
    }
  }
  return gaps;
};

/**
 * How to take `[from, to)` out of a gap: the free pieces that the cut consumes, the piece that becomes owned, and the
 * pieces that stay free.
 */
export type Cut = { consumed: Piece[]; owned: Piece; left: Piece[] };

export const cutOf = (gap: Gap, from: number, to: number): Cut => {
  const consumed = gap.pieces.filter((piece) => piece.from < to && piece.to > from);
  const first = consumed[0];
  const last = consumed.at(-1);
  if (!first || !last || first.from > from || last.to < to)
    throw new RangeError('the gap does not cover the stretch');
  const left: Piece[] = [];
  if (first.from < from) left.push({ seat: gap.seat, from: first.from, to: from });
  if (last.to > to) left.push({ seat: gap.seat, from: to, to: last.to });
  return { consumed, owned: { seat: gap.seat, from, to }, left };
};

/**
 * Limits the pieces of one write: DynamoDB allows 300 operators and 4 KB in one expression, and an emulator does not
 * enforce it. A condition takes two operators per consumed piece; this leaves room for the rest.
 */
export const consumedPiecesMax = 140;
