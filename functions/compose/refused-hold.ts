import { journeyDaysMax } from '../../shared/orders/rules.ts';
import type { Rejected } from '../../shared/platform/outcome.ts';
import { blamedPath } from '../../shared/selling/decide-party.ts';
import type { PlaceOrderRefusal } from '../../shared/selling/rules.ts';
import { refused } from '../middleware/api-handler.ts';
import type { FieldError, ProblemReason, Refusal } from '../middleware/problems.ts';

/** Each reason to refuse a hold, as a problem; if a field is wrong, which one and why. */
const refusals: Readonly<Record<PlaceOrderRefusal, { reason: ProblemReason; field?: FieldError }>> = {
  'unknown-run': {
    reason: 'invalid-input',
    field: { field: 'runId', message: 'is not a run of this timetable' },
  },
  'unknown-stop': {
    reason: 'invalid-input',
    field: { field: 'from', message: 'must be a stop of this run, and so must `to`' },
  },
  'wrong-order': {
    reason: 'invalid-input',
    field: { field: 'to', message: 'must come after `from` on this run' },
  },
  'no-boarding': {
    reason: 'invalid-input',
    field: { field: 'from', message: 'is a stop where passengers cannot board' },
  },
  'no-alighting': {
    reason: 'invalid-input',
    field: { field: 'to', message: 'is a stop where passengers cannot alight' },
  },
  'unknown-class': {
    reason: 'invalid-input',
    field: { field: 'class', message: 'is not a class of this run' },
  },
  'unknown-passenger-type': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message: 'must be a passenger type of this carrier: GET /v1/carrier lists them',
    },
  },
  unaccompanied: {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message: 'may not travel alone: GET /v1/carrier says with whom',
    },
  },
  'too-few-companions': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message:
        'is one too many for the passengers who travel along: GET /v1/carrier says how many each may have',
    },
  },
  'document-missing': {
    reason: 'invalid-input',
    field: { field: 'passengers[].document', message: 'must each have an identity document' },
  },
  'document-not-asked': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].document',
      message: 'must be left out: this carrier asks for no documents',
    },
  },
  'document-kind-not-taken': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].document',
      message: 'is of a kind that this carrier does not take: GET /v1/carrier lists the kinds',
    },
  },
  'age-not-of-type': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message: 'does not fit the age of the passenger on the day of departure',
    },
  },
  'age-not-proven': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].document',
      message: 'must be one that tells the date of birth, which this passenger type needs',
    },
  },
  'has-no-seat': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message: 'has no seat: name such a passenger in `onLap` of the one who holds them',
    },
  },
  'not-on-lap': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].onLap',
      message: 'has somebody who needs a seat or somebody else’s lap: GET /v1/carrier says who may hold whom',
    },
  },
  'unknown-locale': {
    reason: 'invalid-input',
    field: {
      field: 'contact.locale',
      message: 'is not a language of this carrier: GET /v1/carrier lists them',
    },
  },
  'journey-too-long': {
    reason: 'invalid-input',
    field: {
      field: 'to',
      message: `must be at most ${journeyDaysMax} days after \`from\` if passengers have documents`,
    },
  },
  'seat-change-not-sold': {
    reason: 'invalid-input',
    field: { field: 'seatChange', message: 'must be left out: this carrier sells no change of seats' },
  },
  'no-change-there': {
    reason: 'invalid-input',
    field: { field: 'seatChange.at', message: 'must be a stop of this run between `from` and `to`' },
  },
  'not-on-sale': { reason: 'not-on-sale' },
  'no-fare': { reason: 'no-fare' },
  'sold-out': { reason: 'sold-out' },
  'passenger-time-conflict': { reason: 'passenger-time-conflict' },
  'passenger-unavailable': { reason: 'passenger-unavailable' },
  'too-many-open-orders': { reason: 'too-many-open-orders' },
  'too-many-ended-orders': { reason: 'too-many-ended-orders' },
  'too-many-seats': { reason: 'too-many-seats' },
  'key-reused': { reason: 'idempotency-key-reused' },
  'request-in-progress': { reason: 'request-in-progress' },
  busy: { reason: 'busy' },
};

/** The problem of a refusal. The field of a passenger gets the index of the one to blame; `within` is what holds the fields. */
const problemOf = (outcome: Rejected<PlaceOrderRefusal>, within = ''): Refusal => {
  const { reason, field } = refusals[outcome.reason];
  if (!field) return { reason };
  const isOfPassenger = field.field.startsWith('passengers') || field.field.startsWith('contact');
  const path = `${isOfPassenger ? '' : within}${field.field}`;
  return {
    reason,
    fields: [{ ...field, field: path.replace('[]', blamedPath(outcome)) }],
  };
};

/** A refused hold as a problem; it names the passenger who is to blame, if one is. */
export const refusedHold = (outcome: Rejected<PlaceOrderRefusal>) => {
  const { reason, ...more } = problemOf(outcome);
  return refused(reason, more);
};

/** The same for one of several journeys in a request, which the fields of the journey are within. */
export const refusedJourney = (outcome: Rejected<PlaceOrderRefusal>, within: string) => {
  const { reason, ...more } = problemOf(outcome, within);
  return refused(reason, more);
};

export const isHoldRefusal = (reason: string): reason is PlaceOrderRefusal => Object.hasOwn(refusals, reason);
