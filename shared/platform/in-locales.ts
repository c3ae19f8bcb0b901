import * as z from 'zod';
import { localeSchema } from './locales.ts';

/** A text in several languages. shared/carriers checks that it has exactly the languages of the profile. */
export const inLocalesSchema = z.record(localeSchema, z.string().trim().min(1).max(200));
export type InLocales = z.infer<typeof inLocalesSchema>;
