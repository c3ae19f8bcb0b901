import * as z from 'zod';
import { classSchema, runIdSchema, serviceDateSchema, stopIdSchema } from '../../shared/platform/ids.ts';
import { alternativeKinds } from '../../shared/journeys/alternatives.ts';
import { moneySchema } from '../../shared/platform/money.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { route } from './route.ts';

const localTime = z.string().meta({ description: 'RFC 3339, in the zone of the stop' });

/** Where the vehicle says it goes. */
export const headsignField = z
  .string()
  .optional()
  .meta({ description: 'Where the vehicle says it goes; absent if the timetable does not say it' });

const stopView = z
  .object({
    stopId: z.string(),
    name: z.string(),
    code: z.string(),
    timeZone: z.string().meta({ description: 'IANA' }),
  })
  .meta({ id: 'Stop' });

const journeyFields = {
  runId: runIdSchema,
  trip: z.string().meta({ description: 'The public name' }),
  headsign: headsignField,
  from: z.object({ stopId: z.string(), name: z.string(), departs: localTime }),
  to: z.object({ stopId: z.string(), name: z.string(), arrives: localTime }),
};

/** What the passengers of `types` pay. */
const partyFares = {
  fares: z
    .array(z.object({ type: z.string(), fare: moneySchema }))
    .nullable()
    .optional()
    .meta({ description: 'Only with `types`: what one passenger of each type pays' }),
  total: moneySchema
    .nullable()
    .optional()
    .meta({ description: 'Only with `types`: what all of them pay; null if nobody can buy it for them' }),
};

const journeyView = z
  .object({
    ...journeyFields,
    durationMinutes: z.int(),
    classes: z.array(
      z.object({
        class: classSchema,
        fare: moneySchema
          .nullable()
          .meta({ description: 'The adult fare; null if there is none, and then no seat is on sale' }),
        seatsLeft: z.int().nonnegative(),
        ...partyFares,
      }),
    ),
  })
  .meta({ id: 'Journey' });

const legView = z
  .object({
    ...journeyFields,
    class: classSchema,
    seatsLeft: z.int().nonnegative(),
  })
  .meta({ id: 'Leg' });

const orderPart = z
  .object({
    runId: runIdSchema,
    from: stopIdSchema,
    to: stopIdSchema,
    fromIndex: z.int().nonnegative(),
    toIndex: z.int().nonnegative(),
    class: classSchema,
    seatChange: z.object({ at: stopIdSchema, atIndex: z.int().nonnegative() }).optional(),
  })
  .meta({ id: 'OrderPart' });

const alternativeView = z
  .object({
    kind: z.enum(alternativeKinds).meta({
      description:
        'another class of the run; the run with a change of seats at a stop on the way; a ticket to a stop beyond `to`, from which the passenger alights at `to`; a later run; ' +
        'two runs with a change',
    }),
    fare: moneySchema.meta({ description: 'What an adult pays for all of it' }),
    seatsLeft: z.int().positive().meta({ description: 'How many passengers can take it' }),
    durationMinutes: z.int(),
    asOf: instantSchema,
    legs: z.array(legView).min(1),
    waitMinutes: z.int().optional().meta({ description: 'Between the two runs of a connection' }),
    orders: z
      .array(orderPart)
      .min(1)
      .meta({
        description:
          'The bodies of `POST /v1/orders` that book it, to which a client adds `passengers` and `contact`. A connection ' +
          'has two: hold both before you pay, and if one is refused, cancel the other',
      }),
  })
  .meta({ id: 'Alternative' });

const runView = z
  .object({
    runId: runIdSchema,
    trip: z.string(),
    headsign: headsignField,
    serviceDate: serviceDateSchema,
    stops: z.array(
      z.object({
        index: z.int(),
        stopId: z.string(),
        name: z.string(),
        headsign: headsignField.meta({ description: "From this stop on, if it differs from the run's" }),
        arrives: localTime,
        departs: localTime,
        boarding: z.boolean(),
        alighting: z.boolean(),
      }),
    ),
    classes: z.array(z.object({ class: classSchema, seats: z.int() })),
  })
  .meta({ id: 'Run' });

/** The timetable, for anyone. */
export const timetableRoutes = {
  findStops: route({
    method: 'GET',
    path: '/v1/stops',
    function: 'api/timetable/find-stops',
    caller: 'anyone',
    tag: 'Timetable',
    summary: 'Find stops by name, city, code or pinyin, best match first',
    query: z.object({ query: z.string().trim().min(1).max(100) }),
    success: {
      status: 200,
      description: 'At most 20 stops; where no name matches, those with the most similar names',
      body: z.object({ stops: z.array(stopView) }),
      localised: true,
      kept: { browserSeconds: 300, sharedSeconds: 300 },
    },
    problems: ['invalid-input'],
  }),
  searchJourneys: route({
    method: 'GET',
    path: '/v1/journeys',
    function: 'api/timetable/search-journeys',
    caller: 'anyone',
    tag: 'Timetable',
    summary: 'Find runs on sale between two stops on a date, in order of departure',
    query: z.object({
      from: stopIdSchema,
      to: stopIdSchema,
      date: serviceDateSchema.meta({ description: 'The local date of departure at `from`' }),
      passengers: z.coerce.number().int().min(1).max(9).default(1),
      types: z
        .string()
        .regex(
          /^[a-z][a-z0-9-]{0,31}(?:,[a-z][a-z0-9-]{0,31}){0,8}$/,
          'must be one to nine passenger types with commas between, such as adult,adult,child',
        )
        .optional()
        .meta({
          description:
            'The passenger type of each passenger, instead of their number: then each class has what they pay',
          examples: ['adult,adult,child'],
        }),
      alternatives: z
        .enum(['true', 'false'])
        .default('false')
        .transform((text) => text === 'true')
        .meta({ description: 'Whether to say what a passenger can take instead of a seat that is gone' }),
      runId: runIdSchema.optional().meta({
        description:
          'Alternatives to this run; without it, to the first run that has nothing left, or else the first with a class ' +
          'that is gone',
      }),
      class: classSchema
        .optional()
        .meta({ description: 'Alternatives to this class; without it, to all that are gone' }),
    }),
    success: {
      status: 200,
      description: 'The runs with their fares and free seats, counted at `asOf` or later',
      body: z.object({
        asOf: instantSchema,
        journeys: z.array(journeyView),
        insteadOf: z
          .object({ runId: runIdSchema, classes: z.array(classSchema) })
          .optional()
          .meta({ description: 'What is gone, and to what there are alternatives' }),
        alternatives: z
          .array(alternativeView)
          .optional()
          .meta({
            description:
              'Only if the request wants them. In this order: other classes, a change of seats, a ticket that goes further, later ' +
              'runs, connections; at most three of each. Empty if nothing is gone',
          }),
      }),
      localised: true,
      // Seats go quickly: who asks again sees the newest count, at most five seconds older where many ask at once.
      kept: { browserSeconds: 0, sharedSeconds: 5 },
    },
    problems: ['invalid-input'],
  }),
  getRun: route({
    method: 'GET',
    path: '/v1/runs/{runId}',
    function: 'api/timetable/get-run',
    caller: 'anyone',
    tag: 'Timetable',
    summary: 'Get the stops, times and classes of a run',
    pathParameters: z.object({ runId: runIdSchema }),
    success: {
      status: 200,
      description: 'The run',
      body: runView,
      localised: true,
      // It follows a new timetable until its first seat is sold.
      kept: { browserSeconds: 60, sharedSeconds: 60 },
    },
    problems: ['not-found'],
  }),
};
