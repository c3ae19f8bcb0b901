import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endsOfTrips, findJourneys, offersOf } from '../../cli/demo/find-offers.ts';
import type { Journey } from '../../cli/demo/client.ts';
import { passengersOf } from '../../cli/demo/passengers.ts';
import { whyUnpayable } from '../../cli/carrier-of-run.ts';
import { carrierNames } from '../../shared/platform/carrier-folder.ts';
import { soundCarrier } from '../../shared/carriers/read-carrier.ts';
import { serviceDateSchema } from '../../shared/platform/ids.ts';
import { refusalOfParty } from '../../shared/selling/decide-party.ts';
import { documentSchema } from '../../shared/users/document.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';

const today = serviceDateSchema.parse('2026-12-01');

/** A feed as far as the demo looks at it itself. */
const feedOf = (...rows: string[]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'keyun-demo-feed-'));
  for (const file of ['agency', 'stops', 'routes', 'trips'])
    writeFileSync(join(folder, `${file}.txt`), 'x\n');
  const heading = 'trip_id,arrival_time,departure_time,stop_id,stop_sequence';
  writeFileSync(join(folder, 'stop_times.txt'), [heading, ...rows, ''].join('\n'));
  return folder;
};
const feed = feedOf('A,,,X,1', 'A,,,Y,2', 'B,,,P,10', 'B,,,Q,9', 'C,,,Q,1', 'C,,,M,2', 'C,,,P,3');

const journey = (seatsLeft: number, amount: number | null): Journey => ({
  runId: 'B~2026-12-03',
  trip: 'B',
  from: { name: 'Q', departs: '2026-12-03T09:00:00+09:00' },
  to: { name: 'P', arrives: '2026-12-03T10:00:00+09:00' },
  classes: [{ class: 'deck', fare: amount === null ? null : { amount, currency: 'JPY' }, seatsLeft }],
});

describe('the demo', () => {
  test('travels where most trips of the feed go, in the order of their calls', async () => {
    expect(await endsOfTrips(feed)).toEqual([
      { from: 'Q', to: 'P' },
      { from: 'X', to: 'Y' },
    ]);
  });

  test('searches on until something can be bought', async () => {
    const asked: string[] = [];
    const answers = [[], [journey(0, 500)], [journey(4, null)], [journey(4, 500)]];
    const get = async <Body>(path: string) => {
      const journeys = answers[asked.length] ?? [];
      asked.push(path);
      return { status: 200, body: { journeys } as Body };
    };
    expect(await findJourneys({ get }, feed, today)).toMatchObject({
      from: 'Q',
      to: 'P',
      date: '2026-12-06',
    });
    expect(asked).toHaveLength(4);
    expect(asked[0]).toBe('/v1/journeys?from=Q&to=P&date=2026-12-03');
  });

  test('finds nothing where nothing is sold', async () => {
    const get = async <Body>() => ({ status: 200, body: { journeys: [journey(0, 500)] } as Body });
    expect(await findJourneys({ get }, feed, today)).toBeUndefined();
    expect(offersOf([journey(0, 500), journey(3, null)])).toEqual([]);
  });
});

describe('the demo’s passengers', () => {
  test.each(carrierNames())('are people to whom %s sells', (name) => {
    const { carrier } = soundCarrier(name);
    const people = [1, 2, 300].map((number) => passengersOf(carrier)!(number));
    const passengers = people.map(({ document, ...person }) => ({
      ...person,
      document: document && documentSchema.parse(document),
    }));
    const request = { passengers, contact: { email: 'someone@example.com' } };
    expect(refusalOfParty(request, carrier, today)).toBeUndefined();
    const numbers = passengers.flatMap(({ document }) => document?.number ?? []);
    expect(numbers).toHaveLength(carrier.documents.need === 'required' ? 3 : 0);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('are none where a document is needed that the demo cannot make up', () => {
    const documents = { need: 'required' as const, kinds: ['cn-resident-id'] };
    expect(passengersOf({ ...sampleCarrier, documents })).toBeUndefined();
  });
});

test('only a currency that no provider takes is told', () => {
  expect(whyUnpayable({ currency: 'CNY' })).toBeUndefined();
  expect(whyUnpayable({ currency: 'ISK' })).toBe(
    'no payment provider takes ISK yet, so orders can be held here and not paid',
  );
});
