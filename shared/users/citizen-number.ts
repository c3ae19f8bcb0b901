import { residentIdCheck } from './check-digits.ts';

/**
 * The format of citizens' numbers in GB 11643, which residence permits and the newer card of permanent residents share:
 * six digits, the day of birth as eight, three digits, and the check digit.
 */
const citizenNumber = /^\d{17}[\dX]$/;

export const isCitizenNumber = (number: string): boolean => citizenNumber.test(number);

/** The day of birth within such a number: digits 7 to 14. */
export const birthDateInCitizenNumber = (number: string): string =>
  `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;

const isDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

/** What is wrong with a number of this format; undefined if nothing is. */
export const faultOfCitizenNumber = (number: string): string | undefined => {
  if (!isCitizenNumber(number)) return 'must have 17 digits, and then a digit or X';
  const birthDate = birthDateInCitizenNumber(number);
  if (!isDay(birthDate) || birthDate < '1900') return 'contains a date of birth that cannot be right';
  return residentIdCheck(number.slice(0, 17)) === number.charAt(17) ? undefined : 'has a wrong check digit';
};
