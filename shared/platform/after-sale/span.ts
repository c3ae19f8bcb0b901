import * as z from 'zod';

/**
 * A time of days, hours and minutes in ISO 8601. A day is a day of the calendar where the passenger boards, 23 to 25
 * hours long; hours and minutes are always the same length.
 */
export const spanSchema = z
  .string()
  .regex(
    /^P(?=\d|T\d)(?:\d{1,3}D)?(?:T(?=\d)(?:\d{1,4}H)?(?:\d{1,5}M)?)?$/,
    'must be a time such as P8D, PT48H or PT15M',
  );
