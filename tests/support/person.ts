import { residentIdCheck } from '../../shared/users/check-digits.ts';
import { documentSchema } from '../../shared/users/document.ts';

/** The n-th of ten thousand people, with a resident number whose check digit is right. */
export const person = (n: number) => {
  const first17 = `11010519900101${String(n).padStart(3, '0').slice(-3)}`;
  const other17 = `1101051990${String(1 + (Math.floor(n / 1000) % 12)).padStart(2, '0')}01${String(n % 1000).padStart(3, '0')}`;
  const base = n < 1000 ? first17 : other17;
  return documentSchema.parse({ kind: 'cn-resident-id', number: `${base}${residentIdCheck(base)}` });
};
