/** 5330 fen → `53.30`. */
export const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

/** `53.3` → 5330 fen; undefined for anything but a positive amount with at most two decimals. */
export const fenOf = (text: unknown): number | undefined => {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(String(text ?? ''));
  const fen = match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : 0;
  return fen > 0 ? fen : undefined;
};
