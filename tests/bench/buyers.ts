import { documentSchema } from '../../shared/users/document.ts';
import { residentIdCheck } from '../../shared/users/check-digits.ts';

const twoDigits = (n: number): string => String(n).padStart(2, '0');

/** The n-th of some three million people, with a resident number whose check digit is right (GB 11643). */
export const documentOf = (n: number) => {
  const day = Math.floor(n / 900);
  const born = `${1960 + (Math.floor(day / 336) % 40)}${twoDigits(1 + (Math.floor(day / 28) % 12))}${twoDigits(1 + (day % 28))}`;
  const body = `110105${born}${String(100 + (n % 900))}`;
  return documentSchema.parse({ kind: 'cn-resident-id', number: `${body}${residentIdCheck(body)}` });
};
