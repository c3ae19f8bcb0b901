import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonSchemas } from '../../../shared/carriers/json-schemas.ts';
import { readCarrier, soundCarrier } from '../../../shared/carriers/read-carrier.ts';
import { carrierNames, carriersFolder } from '../../../shared/platform/carrier-folder.ts';
import { changedCarrier, faultLines } from '../../support/carrier-folder.ts';

/** The head of a PNG of this size, and nothing behind it. */
const png = (width: number, height: number, bytes = 100): Buffer => {
  const head = Buffer.alloc(bytes);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(head);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
};

describe('the carriers that are shipped', () => {
  test('are these', () => {
    expect(carrierNames()).toEqual(['air', 'cn-rail', 'eu-coach', 'us-rail']);
  });

  test.each(carrierNames())('%s is sound', (name) => {
    expect(readCarrier(join(carriersFolder, name))).toMatchObject({
      outcome: 'sound',
      carrier: { carrierId: name },
    });
  });

  test('an unknown one is refused in one line that names them', () => {
    expect(() => soundCarrier('eu-couch')).toThrow(
      /^there is no carrier "eu-couch": choose one of air, cn-rail, eu-coach, us-rail$/,
    );
  });
});

describe('a carrier’s folder', () => {
  test('tells every fault at once, each with its place', () => {
    const folder = changedCarrier(
      { currency: 'EUX', colour: 'green', seats: 52, locales: ['en', 'fr'] },
      {
        'texts/en.json': JSON.stringify({ place: 'Row {row}', nothing: 'x', 'class.comfort': 'Comfort' }),
        'texts/de.json': '{}',
        'texts/deutsch.json': '{}',
        'layouts.json': JSON.stringify({ layouts: [], assign: [{ layout: 'coach-49', default: true }] }),
        'logo.png': 'GIF89a',
        'rules.json': '{}',
      },
    );
    expect(faultLines(folder)).toEqual([
      'profile.json: currency: must be a currency of ISO 4217, such as EUR',
      'profile.json: locales[1]: must be de, en or zh-CN; de and en may name a region, such as en-US',
      'profile.json: colour: must be a colour such as #0b5cad',
      'profile.json: seats: is not a known setting',
      'profile.json: name.fr: is missing: fr is one of locales',
      'profile.json: name.de: is never shown: de is not one of locales',
      'profile.json: contact.fr: is missing: fr is one of locales',
      'profile.json: contact.de: is never shown: de is not one of locales',
      ...[0, 1, 2].flatMap((at) =>
        (at === 1 ? ['name', 'note'] : ['name']).flatMap((field) => [
          `profile.json: passengerTypes[${at}].${field}.fr: is missing: fr is one of locales`,
          `profile.json: passengerTypes[${at}].${field}.de: is never shown: de is not one of locales`,
        ]),
      ),
      'texts/de.json: is never shown: de is not one of locales',
      'texts/deutsch.json: must be named after a language: de.json, en.json, zh-CN.json',
      'texts/en.json: place: must have the placeholders of our text: {coach}, {seat}, and has {row}',
      'texts/en.json: nothing: is not a text that we show',
      'layouts.json: assign[0].layout: there is no layout coach-49',
      'logo.png: must be a PNG picture',
      'rules.json: has no effect: remove it',
    ]);
  });

  test('needs a profile, and no other file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyun-carrier-'));
    expect(faultLines(folder)).toEqual(['profile.json: is missing']);
    cpSync(join(carriersFolder, 'us-rail', 'profile.json'), join(folder, 'profile.json'));
    expect(readCarrier(folder)).toMatchObject({ outcome: 'sound', layouts: { layouts: [], assign: [] } });
    rmSync(join(folder, 'profile.json'));
    expect(faultLines(join(folder, 'profile.json'))).toEqual(['is not a folder']);
  });

  test('is told from text that is no JSON', () => {
    const folder = changedCarrier({}, { 'profile.json': '{ "name": ', 'texts/en.json': '[]' });
    expect(faultLines(folder)).toEqual([
      expect.stringMatching(/^profile\.json: is not JSON: /),
      'texts/en.json: must be an object of texts by key',
    ]);
  });

  test('may have texts and a logo of its own', () => {
    const files = { 'texts/en.json': '{ "place": "Row {seat} on coach {coach}" }', 'logo.png': png(320, 64) };
    const read = readCarrier(changedCarrier({}, files));
    expect(read).toMatchObject({
      outcome: 'sound',
      carrier: {
        texts: { en: { place: 'Row {seat} on coach {coach}' } },
        logo: png(320, 64).toString('base64'),
      },
    });
  });

  test.each([
    ['{ "payBy": "{count, plural" }', /^texts\/en\.json: payBy: is not in ICU message format: /],
    [
      '{ "payBy": "Pay by {when}" }',
      /payBy: must have the placeholders of our text: none, and has \{when\}$/,
    ],
    ['{ "payBy": " " }', /payBy: must be a text$/],
    ['{ "class.first": "First {coach}" }', /class\.first: must have the placeholders of our text: none/],
  ])('is refused with the texts %s', (texts, fault) => {
    expect(faultLines(changedCarrier({}, { 'texts/en.json': texts }))).toEqual([
      expect.stringMatching(fault),
    ]);
  });

  test('has a logo small enough for every mail', () => {
    expect(faultLines(changedCarrier({}, { 'logo.png': png(5000, 64, 60_000) }))).toEqual([
      'logo.png: must have at most 50000 bytes, and has 60000',
      'logo.png: must measure at most 1200 by 1200 pixels, and measures 5000 by 64',
    ]);
  });
});

test.each(Object.entries(jsonSchemas()))(
  'the schema %s that is kept is the one of the code',
  (file, text) => {
    // `npm run -s keyun -- carrier schemas` writes them anew.
    expect(readFileSync(join(carriersFolder, 'schemas', file), 'utf8')).toBe(text);
  },
);
