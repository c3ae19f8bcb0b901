import fc from 'fast-check';
import { runIdSchema, serviceDateSchema, tripIdSchema } from '../../../shared/platform/ids.ts';
import { parseRunId, runIdOf } from '../../../shared/timetable/run-id.ts';

const date = serviceDateSchema.parse('2026-12-01');

describe('the id of a run', () => {
  test('reads like the trip and its date', () => {
    expect(runIdOf(tripIdSchema.parse('G1'), date)).toBe('G1~2026-12-01');
    expect(runIdOf(tripIdSchema.parse('STBA'), date, '0630')).toBe('STBA~2026-12-01~0630');
  });

  test('has no character that a URL or the id itself gives a meaning', () => {
    expect(runIdOf(tripIdSchema.parse('a~b/c d!北'), date)).toBe('a!7Eb!2Fc!20d!21!E5!8C!97~2026-12-01');
  });

  test('tells every trip, date and start time apart and gives them back', () => {
    const trip = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((id) => tripIdSchema.parse(id));
    const start = fc.option(fc.stringMatching(/^[0-9]{4}$/), { nil: undefined });
    fc.assert(
      fc.property(trip, start, (tripId, startTime) => {
        fc.pre(tripId.isWellFormed());
        const runId = runIdOf(tripId, date, startTime);
        expect(runIdSchema.safeParse(runId).success).toBe(true);
        expect(parseRunId(runId)).toEqual({
          tripId,
          serviceDate: date,
          ...(startTime !== undefined && { startTime }),
        });
      }),
    );
  });

  test.each([
    ['no date', 'G1'],
    ['a day that does not exist', 'G1~2026-02-29'],
    ['a second spelling of the same trip', '!47!31~2026-12-01'],
    ['bytes that are no text', '!FF~2026-12-01'],
    ['small letters in an escape', 'a!2f~2026-12-01'],
    ['a start time of two digits', 'G1~2026-12-01~06'],
    ['nothing', ''],
  ])('is not read from a text with %s', (_, text) => {
    expect(parseRunId(text)).toBeUndefined();
  });
});
