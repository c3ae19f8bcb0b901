import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../infra/local/providers/sandbox.ts';
import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { ProviderName } from '../../../shared/payments/model.ts';
import type { PaymentProvider } from '../../../shared/payments/provider.ts';
import { logger } from '../../../shared/platform/log.ts';
import { millisecondsOf } from '../../../shared/platform/time.ts';
import { keeperOfSecrets } from '../../support/keeper-of-secrets.ts';
import { purchaseWorld } from '../../support/purchase-world.ts';
import { tableEnvironment } from '../../support/table-environment.ts';
import { startGateway } from './gateway.ts';

/** The functions of payments, as they are deployed: their settings come from the environment, so it is set first. */
const openFunctions = async () => ({
  callbacks: {
    alipay: (await import('../../../functions/payment-callbacks/alipay.ts')).handler,
    wechatpay: (await import('../../../functions/payment-callbacks/wechatpay.ts')).handler,
    stripe: (await import('../../../functions/payment-callbacks/stripe.ts')).handler,
  },
  api: {
    createPayment: (await import('../../../functions/api/payments/create-payment.ts')).handler,
    listMethods: (await import('../../../functions/api/payments/list-methods.ts')).handler,
  },
  ...(await import('../../../shared/payments/providers.ts')),
});

/** Everything that this process logs, none of which is shown; a test asks for what it must not contain. */
const watchLog = () => {
  const lines: { level: 'info' | 'warn' | 'error'; text: string }[] = [];
  for (const level of ['info', 'warn', 'error'] as const)
    jest.spyOn(logger, level).mockImplementation((...line) => {
      lines.push({ level, text: JSON.stringify(line) });
    });
  return lines;
};

export type Stage = Awaited<ReturnType<typeof openStage>>;

/**
 * The shop and its providers: their sandboxes, the gateway, the callback functions, the keeper of their secrets and the tables,
 * each the real one of the local run. One clock, which a test moves by hand, is the time of all of them.
 */
export const openStage = async () => {
  const world = await purchaseWorld();
  jest.spyOn(Date, 'now').mockImplementation(() => millisecondsOf(world.time.now));
  const lines = watchLog();
  const keeper = await keeperOfSecrets({});
  const before = { ...process.env };
  const { KEYUN_TIME_ORIGIN: _, ...environment } = tableEnvironment(world.tables, world.time.now);
  const publicUrl = { PUBLIC_URL: 'https://keyun.example' };
  Object.assign(process.env, environment, keeper.environment, publicUrl);
  const { callbacks, api, paymentProviders } = await openFunctions();
  const gateway = await startGateway(callbacks);
  const dataDir = mkdtempSync(join(tmpdir(), 'keyun-money-'));
  const sandbox = await startSandbox({
    dataDir,
    clock: world.clock,
    webhookUrlOf: (name) => gateway.urlOf(name as ProviderName),
  });
  for (const name of providerNames) keeper.kept.set(name, { text: JSON.stringify(sandbox.secrets[name]) });
  const opened = await paymentProviders({ clock: world.clock, timeLeft: () => 60_000 });
  const providerOf = (name: ProviderName): PaymentProvider => {
    const provider = opened.get(name);
    if (!provider) throw new Error(`${name} is off`);
    return provider;
  };
  return {
    world,
    lines,
    keeper,
    gateway,
    api,
    dataDir,
    sandbox,
    providerOf,
    dependencies: { ...world.dependencies, findProvider: providerOf },
    stop: async (): Promise<void> => {
      await sandbox.stop();
      await gateway.stop();
      await keeper.stop();
      jest.restoreAllMocks();
      process.env = before;
      rmSync(dataDir, { recursive: true, force: true });
      await world.stop();
    },
  };
};
