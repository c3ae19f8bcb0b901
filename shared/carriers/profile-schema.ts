import * as z from 'zod';
import { profileFields } from '../platform/carrier.ts';
import { timeZoneOf } from '../platform/time.ts';
import { documentKinds } from '../users/document.ts';

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** The profile as people write it: every setting that has an effect, and no other. */
export const profileSchema = z.strictObject({
  $schema: z.string().optional(),
  ...profileFields,
  currency: z.string().refine((code) => currencies.has(code), 'must be a currency of ISO 4217, such as EUR'),
  timeZone: z
    .string()
    .refine(
      (name) => timeZoneOf(name) === name,
      'must be a zone of the IANA database, such as Europe/Berlin',
    ),
  documents: profileFields.documents.extend({ kinds: z.array(z.enum(documentKinds)) }),
});
