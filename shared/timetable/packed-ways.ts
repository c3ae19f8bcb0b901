import * as z from 'zod';
import { stopIdSchema } from '../platform/ids.ts';
import type { Way } from './model.ts';
import { packJson, unpackJson } from './packed.ts';

/** Stop, rides there, rides back. */
const packedWaysSchema = z.array(z.tuple([stopIdSchema, z.int().nonnegative(), z.int().nonnegative()]));

/** A country's stop has thousands of ways: each takes a dozen bytes. */
export const packWays = (ways: readonly Way[]): Uint8Array =>
  packJson(ways.map(({ stopId, there, back }) => [stopId, there, back]));

export const unpackWays = (bytes: Uint8Array): Way[] =>
  packedWaysSchema.parse(unpackJson(bytes)).map(([stopId, there, back]) => ({ stopId, there, back }));
