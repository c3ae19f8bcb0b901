import { providerNames } from '../../shared/payments/known-providers.ts';
import { isOff, type Datapoint } from '../support/alarms/evaluate-alarm.ts';
import { assembly } from './synthesis.ts';
import { alarmsOfTemplate, nameOf } from './watched-alarms.ts';

const minute = 60_000;
const start = 3_000_000_000_000 - (3_000_000_000_000 % (60 * minute));

beforeAll(() => void assembly(), 120_000);

/** The alarms about providers that are off half an hour after the start. */
const off = (...points: readonly Datapoint[][]): string[] =>
  [...alarmsOfTemplate()]
    .filter(([name]) => /^(?:providers|notifications)-/.test(name))
    .filter(([, alarm]) => isOff(alarm, points.flat(), { now: start + 30 * minute, nameOf }))
    .map(([name]) => name);

/** The same value so many times in the last half hour. */
const counted = (provider: string, name: string, value: number, times: number): Datapoint[] =>
  Array.from({ length: times }, (_, n) => ({
    namespace: 'Keyun',
    name,
    dimensions: { stage: 'dev', provider },
    value,
    at: start + Math.floor((n * 30 * minute) / times),
  }));

const answers = (provider: string, milliseconds: number, times: number): Datapoint[] => [
  ...counted(provider, 'ProviderSilence', 0, times),
  ...counted(provider, 'ProviderTime', milliseconds, times),
];
const silences = (provider: string, times: number) => counted(provider, 'ProviderSilence', 1, times);

describe.each(providerNames)('%s', (provider) => {
  const other = providerNames.find((name) => name !== provider) ?? '';

  test('that answers in time wakes nobody', () => {
    expect(off(answers(provider, 300, 400))).toEqual([]);
  });

  test('that is silent once or twice among few requests wakes nobody; at every fifth request it does', () => {
    expect(off(silences(provider, 4), answers(provider, 300, 2))).toEqual([]);
    expect(off(silences(provider, 20), answers(provider, 300, 400))).toEqual([]);
    expect(off(silences(provider, 100), answers(provider, 300, 300))).toEqual([
      `providers-silent-${provider}`,
    ]);
  });

  test('that is slow is told apart from one that is silent, and few slow requests from many', () => {
    expect(off(answers(provider, 2_800, 30), answers(other, 200, 100))).toEqual([]);
    expect(off(answers(provider, 2_800, 100))).toEqual([`providers-slow-${provider}`]);
    expect(off(answers(provider, 2_800, 4), answers(provider, 200, 96))).toEqual([]);
  });

  test('whose genuine notifications fail is noticed by the money that asking finds', () => {
    const found = counted(provider, 'FoundByAsking', 1, 8);
    const name = `notifications-fail-${provider}`;
    expect(off(found, counted(provider, 'NotificationVerified', 0, 40))).toEqual([name]);
    // None arrives at all: the address is wrong, or something in front refuses them.
    expect(off(found)).toEqual([name]);
    expect(off(found, counted(provider, 'NotificationVerified', 1, 6))).toEqual([name]);
    expect(off(found, counted(other, 'NotificationVerified', 1, 100))).toEqual([name]);
  });

  test('wakes nobody when strangers post garbage, however much, and garbage hides no fault', () => {
    const garbage = counted(provider, 'NotificationVerified', 0, 20_000);
    expect(off(garbage)).toEqual([]);
    const sale = counted(provider, 'NotificationVerified', 1, 200);
    // Now and then we ask a moment before a notification comes.
    expect(off(garbage, sale, counted(provider, 'FoundByAsking', 1, 10))).toEqual([]);
    expect(off(garbage, counted(provider, 'FoundByAsking', 1, 8))).toEqual([
      `notifications-fail-${provider}`,
    ]);
  });
});
