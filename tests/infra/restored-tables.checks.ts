import { readDeployment } from '../../infra/read-deployment.ts';
import { assembly, functionNamed, ofType, synthesize, templates } from './synthesis.ts';

const arnOf = (table: string) =>
  `arn:aws:dynamodb:eu-central-1:123456789012:table/Keyun-prod-${table}-restored`;
const stream = '/stream/2026-12-01T09:00:00.000';

describe('restored tables', () => {
  test('replace the stack’s own for functions, grants, streams and outputs, and the stack keeps its tables and exports', () => {
    const restored = templates(
      synthesize({
        restored: `Bookings=${arnOf('Bookings')}${stream},Inventory=${arnOf('Inventory')}${stream}`,
      }),
    );
    const { whole, stacks } = restored;
    const [, cleanUp] = functionNamed(whole, 'schedule/clean-up');
    expect(cleanUp.Properties['Environment']).toMatchObject({
      Variables: {
        BOOKINGS_TABLE: 'Keyun-prod-Bookings-restored',
        INVENTORY_TABLE: 'Keyun-prod-Inventory-restored',
        TIMETABLE_TABLE: { Ref: expect.stringContaining('Timetable') },
      },
    });
    const policies = JSON.stringify(ofType(whole, 'AWS::IAM::Policy'));
    expect(policies).toContain(`"${arnOf('Bookings')}"`);
    expect(policies).toContain(`${arnOf('Bookings')}/index/due`);
    const sources = ofType(whole, 'AWS::Lambda::EventSourceMapping').map(
      ([, one]) => one.Properties['EventSourceArn'],
    );
    expect(sources.filter((source) => typeof source === 'string').toSorted()).toEqual([
      `${arnOf('Bookings')}${stream}`,
      `${arnOf('Inventory')}${stream}`,
      `${arnOf('Inventory')}${stream}`,
    ]);
    const [data, before] = [stacks, assembly().stacks].map((all) =>
      all.find(({ name }) => name.endsWith('Data')),
    );
    expect(data?.Outputs['BookingsTable']?.Value).toBe('Keyun-prod-Bookings-restored');
    expect(data?.Resources).toEqual(before?.Resources);
    const exportsOf = (outputs: object = {}) =>
      Object.values(outputs as Record<string, { Export?: { Name: string } }>).flatMap(
        ({ Export }) => Export?.Name ?? [],
      );
    expect(exportsOf(data?.Outputs)).toEqual(expect.arrayContaining(exportsOf(before?.Outputs)));
  }, 120_000);

  test.each([
    'Bookings',
    `Orders=${arnOf('Bookings')}${stream}`,
    `Bookings=${arnOf('Bookings')}`,
    `Timetable=${arnOf('Timetable')},Inventory=`,
  ])('%s is refused in one line', (restored) => {
    expect(readDeployment({ carrier: 'eu-coach', restored })).toEqual({
      refusals: ['--context restored: must be like Bookings=<ARN of its stream>,Timetable=<ARN>'],
    });
  });
});
