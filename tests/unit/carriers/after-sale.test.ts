import { checkAfterSale } from '../../../shared/carriers/check-after-sale.ts';
import { faultText } from '../../../shared/carriers/faults.ts';
import { readCarrier } from '../../../shared/carriers/read-carrier.ts';
import { changedCarrier, faultLines } from '../../support/carrier-folder.ts';

const sound = { offerSeconds: 600, beforeDeparture: [{ atLeast: 'PT0H', percent: 20 }] };
const faultsOf = (...versions: unknown[]): string[] =>
  checkAfterSale('after-sale.json', { versions }).map((fault) => faultText(fault).slice(17));
const faultsWith = (refund: object): string[] => faultsOf({ refund: { ...sound, ...refund } });

describe('the rules for what comes after the sale', () => {
  test('are sound', () => {
    const refund = {
      ...sound,
      beforeDeparture: [
        { atLeast: 'P8D', percent: 0 },
        { atLeast: 'P1DT12H', percent: 5, fixed: 100 },
        { atLeast: 'PT90M', percent: 20 },
      ],
      afterDeparture: [
        { atMost: 'PT1H', percent: 40 },
        { atMost: 'P1D', percent: 80 },
      ],
      roundTo: 50,
      feeMin: 200,
      feeMax: 200,
    };
    expect(
      faultsOf({ refund: sound }, { from: '2027-01-01', refund }, { from: '2028-02-29', refund }),
    ).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    [
      'a setting that has no effect',
      { exchange: {} },
      ['versions[0].refund.exchange: is not a known setting'],
    ],
    ['no tiers', { beforeDeparture: undefined }, ['versions[0].refund.beforeDeparture: is missing']],
    ['an offer of no time', { offerSeconds: 0 }, ['versions[0].refund.offerSeconds: must be more than 0']],
    [
      'a time in words',
      { beforeDeparture: [{ atLeast: '8 days', percent: 0 }] },
      ['versions[0].refund.beforeDeparture[0].atLeast: must be a time such as P8D, PT48H or PT15M'],
    ],
    ...['P', 'PT', 'P1DT', 'P1M', 'P1W', '-P1D', 'P1.5D', 'PT1S', 'P1D2H'].map(
      (atLeast): [string, object, string[]] => [
        `the time ${atLeast}`,
        { beforeDeparture: [{ atLeast, percent: 0 }] },
        ['versions[0].refund.beforeDeparture[0].atLeast: must be a time such as P8D, PT48H or PT15M'],
      ],
    ),
    [
      'parts of a per cent',
      { beforeDeparture: [{ atLeast: 'P1D', percent: 2.5 }] },
      ['versions[0].refund.beforeDeparture[0].percent: must be a whole number'],
    ],
    [
      'more than everything',
      { beforeDeparture: [{ atLeast: 'P1D', percent: 101 }] },
      ['versions[0].refund.beforeDeparture[0].percent: must be at most 100'],
    ],
    [
      'a tier that never counts',
      {
        beforeDeparture: [
          { atLeast: 'P2D', percent: 5 },
          { atLeast: 'PT48H', percent: 10 },
        ],
      },
      ['versions[0].refund.beforeDeparture[1].atLeast: never counts after P2D'],
    ],
    [
      'a tier after the departure that never counts',
      {
        afterDeparture: [
          { atMost: 'P1D', percent: 5 },
          { atMost: 'PT1H', percent: 10 },
        ],
      },
      ['versions[0].refund.afterDeparture[1].atMost: never counts after P1D'],
    ],
    [
      'a least fee above the greatest',
      { feeMin: 201, feeMax: 200 },
      ['versions[0].refund.feeMax: must be at least feeMin, which is 201'],
    ],
  ])('are refused with %s', (_, refund, faults) => {
    expect(faultsWith(refund)).toEqual(faults);
  });

  test.each<[string, unknown[], string[]]>([
    ['no version', [], ['versions: must have at least 1 item']],
    [
      'a first day',
      [{ from: '2027-01-01', refund: sound }],
      ['versions[0].from: must be absent: the first version counts for every day before the second'],
    ],
    [
      'a second version without a day',
      [{ refund: sound }, { refund: sound }],
      ['versions[1].from: is missing: only the first version has no day'],
    ],
    [
      'a day twice',
      [{ refund: sound }, { from: '2027-01-01', refund: sound }, { from: '2027-01-01', refund: sound }],
      ['versions[2].from: must be after 2027-01-01, the day of the version before'],
    ],
    [
      'a day that does not exist',
      [{ refund: sound }, { from: '2027-02-29', refund: sound }],
      ['versions[1].from: must be a date such as 2026-12-01'],
    ],
    [
      'faults of every kind at once',
      [
        { refund: { ...sound, feeMin: 3, feeMax: 2, offerSeconds: '10' } },
        { refund: sound },
        { from: '2027-01-01', refund: 1, disruption: { window: 'P3D' } },
      ],
      [
        'versions[0].refund.offerSeconds: must be a number',
        'versions[2].refund: must be an object',
        'versions[2].disruption.delayAtLeast: is missing',
        'versions[1].from: is missing: only the first version has no day',
        'versions[0].refund.feeMax: must be at least feeMin, which is 3',
      ],
    ],
    [
      'a usual cut-off of the waitlist that nobody may choose',
      [
        { waitlist: { cutOffMin: 'PT20M', cutOffUsual: 'PT19M', cutOffMax: 'P7D', entriesMax: 1 } },
        {
          from: '2027-01-01',
          waitlist: { cutOffMin: 'PT20M', cutOffUsual: 'P8D', cutOffMax: 'P7D', entriesMax: 0 },
        },
      ],
      [
        'versions[1].waitlist.entriesMax: must be more than 0',
        'versions[0].waitlist.cutOffUsual: must be at least cutOffMin, which is PT20M',
        'versions[1].waitlist.cutOffMax: must be at least cutOffUsual, which is P8D',
      ],
    ],
  ])('are refused with %s', (_, versions, faults) => {
    expect(faultsOf(...versions)).toEqual(faults);
  });

  test('may lack a part, which is then not offered', () => {
    const disruption = { window: 'P3D', delayAtLeast: 'PT1H' };
    expect(faultsOf({}, { from: '2027-01-01', disruption })).toEqual([]);
  });

  test('belong to a carrier’s folder, which may lack them', () => {
    const rules = { versions: [{ refund: sound }] };
    const read = readCarrier(changedCarrier({}, { 'after-sale.json': JSON.stringify(rules) }));
    expect(read).toMatchObject({ outcome: 'sound', carrier: { afterSale: rules } });
    expect(faultLines(changedCarrier({}, { 'after-sale.json': '{ "versions": 1 }' }))).toEqual([
      'after-sale.json: versions: must be a list',
    ]);
    expect(faultLines(changedCarrier({}, { 'after-sale.json': '{' }))).toEqual([
      expect.stringMatching(/^after-sale\.json: is not JSON: /),
    ]);
  });
});
