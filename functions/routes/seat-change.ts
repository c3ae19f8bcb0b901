import * as z from 'zod';
import { stopIdSchema } from '../../shared/platform/ids.ts';
import { callsMax } from '../../shared/timetable/model.ts';

/** The index of a stop in its run, where a run calls twice at one. */
export const stopIndex = z
  .int()
  .min(0)
  .max(callsMax - 1);

/** The passengers' consent to a change of seats, in an order. */
export const seatChangeRequest = z
  .object({ at: stopIdSchema, atIndex: stopIndex.optional() })
  .optional()
  .meta({
    description:
      'The passengers agree to change seats at this stop on the way if none are free for the whole stretch',
  });

/** Where the passengers of an order change seats. */
export const seatChangeView = z
  .object({ stopId: z.string(), name: z.string(), departs: z.string() })
  .optional()
  .meta({ description: 'The stop at which the passengers change seats; they stay on the run' });

/** The seat to which a passenger changes. */
export const changedSeatView = z
  .object({ coach: z.string(), seat: z.string().nullable() })
  .optional()
  .meta({ description: 'The seat from the change of seats on' });
