import { decideCashier, gatewayIn } from '../../../cli/smoke/sandboxes.ts';
import { planSmoke } from '../../../cli/smoke/plan.ts';
import { Skipped, StepFailed, tellSteps } from '../../../cli/smoke/steps.ts';
import { CommandFailure } from '../../../cli/connect.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const at = (text: string) => instantSchema.parse(text);
const carrier = { timeZone: 'Europe/Berlin', saleClosesSeconds: 300, holdSecondsMin: 180 };

describe('the plan of a smoke test', () => {
  test('has a trip on which a hold ends soon, and one a day later', () => {
    const now = at('2026-11-27T12:00:00.000Z');
    expect(planSmoke(carrier, { id: '01ABC', now, timeScale: 1 })).toEqual({
      mark: 'keyun-smoke-01abc',
      from: 'keyun-smoke-01abc-a',
      to: 'keyun-smoke-01abc-b',
      soon: {
        tripId: 'keyun-smoke-01abc-soon',
        date: '2026-11-27',
        departs: 13 * 3600 + 660,
        runId: 'keyun-smoke-01abc-soon~2026-11-27',
      },
      later: {
        tripId: 'keyun-smoke-01abc-later',
        date: '2026-11-28',
        departs: 13 * 3600,
        runId: 'keyun-smoke-01abc-later~2026-11-28',
      },
    });
  });

  test('is right on the days when clocks change, and around midnight', () => {
    // Service days count from noon minus twelve hours: at three in the morning, four hours have passed of 25.
    const autumn = planSmoke(carrier, { id: 'x', now: at('2026-10-25T01:49:00.000Z'), timeScale: 1 });
    expect(autumn.soon).toMatchObject({ date: '2026-10-25', departs: 3 * 3600 });
    const late = planSmoke(carrier, { id: 'x', now: at('2026-11-27T22:55:00.000Z'), timeScale: 1 });
    expect(late.soon).toMatchObject({ date: '2026-11-28', departs: 6 * 60 });
  });

  test('leaves as much real time where the clock runs faster', () => {
    const now = at('2026-11-27T12:00:00.000Z');
    const { soon } = planSmoke(carrier, { id: 'x', now, timeScale: 20 });
    expect(soon.departs).toBe(13 * 3600 + 300 + 180 + 180 * 20);
  });
});

test.each([
  ['http://127.0.0.1:3003/gateway.do', 'machine'],
  ['https://openapi-sandbox.dl.alipaydev.com/gateway.do', 'person'],
  ['https://openapi.alipay.com/gateway.do', 'nobody'],
  ['https://alipaydev.com.example/gateway.do', 'nobody'],
  ['not an address', 'nobody'],
])('at the cashier of %s, %s pays', (gateway, who) => expect(decideCashier('alipay', gateway)).toBe(who));

test.each([
  ['{"gateway":"https://openapi.alipay.com/gateway.do"}', 'https://openapi.alipay.com/gateway.do'],
  ['{}', ''],
  ['MIIEvQIBADANBgkqhkiG9w0BAQ', ''],
  ['{"gateway":"https://a.example","privateKey":"MIIEvQ', ''],
  ['null', ''],
  ['{"gateway":7}', ''],
])('the gateway of a secret is read without an error that quotes it: %s', (secret, gateway) =>
  expect(gatewayIn(secret)).toBe(gateway),
);

test('each step is told with its time; a failure ends the test with its line, and a skipped one does not', async () => {
  const lines: string[] = [];
  const { run, seen } = tellSteps((line) => lines.push(line));
  expect(await run('one', async (note) => (note('fine'), 1))).toBe(1);
  expect(await run('two', () => Promise.reject(new Skipped('no keys')))).toBeUndefined();
  await expect(run('three', () => Promise.reject(new CommandFailure('it answers 500')))).rejects.toThrow(
    StepFailed,
  );
  await expect(run('four', () => Promise.reject(AbortSignal.abort().reason as Error))).rejects.toThrow(
    StepFailed,
  );
  expect(lines).toEqual([
    expect.stringMatching(/^✓ one +0\.0 s {2}fine$/),
    expect.stringMatching(/^– two +0\.0 s {2}no keys$/),
    expect.stringMatching(/^✗ three +0\.0 s {2}it answers 500$/),
    expect.stringMatching(/^✗ four +0\.0 s {2}interrupted$/),
  ]);
  expect(seen.map(({ outcome }) => outcome)).toEqual(['done', 'skipped', 'failed', 'failed']);
});
