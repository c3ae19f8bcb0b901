import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxKeys as alipayKeys } from '../../../infra/local/providers/alipay/keys.ts';
import { sandboxKeys as stripeKeys } from '../../../infra/local/providers/stripe/keys.ts';
import {
  platformKeyId,
  sandboxKeys as wechatpayKeys,
} from '../../../infra/local/providers/wechatpay/keys.ts';
import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment, ProviderName } from '../../../shared/payments/model.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { answersOf, moneyWorld, type MoneyWorld } from './money-world.ts';
import { noticesOf, type Signed } from './signed-notices.ts';

/** The keys by which a provider proves itself change while notifications come: docs/how-to/change-keys.md. */

const newSerial = 'PUB_KEY_ID_0119000000012026010100000000000002';

let world: MoneyWorld;
let run: Run;
let newKeys: string;
let people = 0;
beforeAll(async () => {
  world = await moneyWorld();
  run = await world.nextRun(20);
  newKeys = mkdtempSync(join(tmpdir(), 'keyun-new-keys-'));
  wechatpayKeys(newKeys);
  // WeChat Pay's key of the content is another than that of its signature, and stays.
  const [old, fresh] = [world.dataDir, newKeys].map(
    (folder) =>
      JSON.parse(readFileSync(join(folder, 'wechatpay-keys.json'), 'utf8')) as Record<string, string>,
  );
  const kept = JSON.stringify({ ...fresh, apiV3Key: old?.['apiV3Key'] });
  writeFileSync(join(newKeys, 'wechatpay-keys.json'), kept);
});
afterAll(async () => {
  rmSync(newKeys, { recursive: true });
  await world.stop();
});

/** The secret with the new key beside the old one, or in its place. */
const secretWith = (name: ProviderName, { old }: { old: boolean }): object => {
  const { alipay, wechatpay, stripe } = world.sandbox.secrets;
  switch (name) {
    case 'alipay':
      return { ...alipay, alipayPublicKey: alipayKeys(newKeys).alipayPublicPem };
    case 'wechatpay': {
      const fresh = { [newSerial]: wechatpayKeys(newKeys).platformPublicPem };
      return { ...wechatpay, platformKeys: { ...(old && wechatpay.platformKeys), ...fresh } };
    }
    case 'stripe': {
      const fresh = stripeKeys(newKeys).webhookSecret;
      return { ...stripe, webhookSecrets: old ? [...stripe.webhookSecrets, fresh] : [fresh] };
    }
  }
};

describe.each(providerNames)('%s', (name) => {
  const begun = async (): Promise<Payment> => {
    const payment = await world.begin(await world.held(run, [(people += 1)]), name);
    await world.enter(payment);
    return payment;
  };
  const byOld = (payment: Payment): Signed => world.noticeOf[name](payment);
  const byNew = (payment: Payment): Signed => {
    const { headers, body } = noticesOf(newKeys, world.clock)[name](payment);
    const isNamed = headers['wechatpay-serial'] === platformKeyId;
    return { body, headers: isNamed ? { ...headers, 'wechatpay-serial': newSerial } : headers };
  };
  const post = async (signed: Signed): Promise<'received' | 'refused'> => {
    const answer = await world.gateway.send(name, signed);
    const { received, refused } = answersOf(world.providerOf(name));
    expect([received.status, refused.status]).toContain(answer.status);
    return answer.status === received.status ? 'received' : 'refused';
  };
  const keep = (secret: object): void => void world.keeper.kept.set(name, { text: JSON.stringify(secret) });
  beforeEach(async () => {
    keep(world.sandbox.secrets[name]);
    world.pass(241);
    // The function has read the old keys now, and will not by itself for four minutes.
    expect(await post(byOld(await begun()))).toBe('received');
  });

  test('a notification by a key that we do not have yet is refused, and taken as soon as the secret has it', async () => {
    const payment = await begun();
    expect(await post(byNew(payment))).toBe('refused');
    expect(await world.stored(payment)).toMatchObject({ state: 'pending' });
    keep(secretWith(name, { old: true }));
    world.pass(61);
    expect(await post(byNew(payment))).toBe('received');
    expect(await world.stored(payment)).toMatchObject({ state: 'captured' });
  });

  test('while there are two, both are believed; Alipay has one at a time', async () => {
    keep(secretWith(name, { old: true }));
    world.pass(241);
    expect(await post(byNew(await begun()))).toBe('received');
    expect(await post(byOld(await begun()))).toBe(name === 'alipay' ? 'refused' : 'received');
  });

  test('the old one is not believed any more when the secret does not have it', async () => {
    keep(secretWith(name, { old: false }));
    world.pass(241);
    expect(await post(byOld(await begun()))).toBe('refused');
    expect(await post(byNew(await begun()))).toBe('received');
  });

  test('a secret that nobody can read leaves the keys that the function has', async () => {
    for (const broken of ['{', '{"appId":"x"}', '[]']) {
      world.keeper.kept.set(name, { text: broken });
      world.pass(241);
      expect(await post(byOld(await begun()))).toBe('received');
    }
    world.keeper.kept.set(name, 'deleted');
    world.pass(241);
    expect(await post(byOld(await begun()))).toBe('received');
  });
});
