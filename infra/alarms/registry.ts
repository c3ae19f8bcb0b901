import { buyingAlarms } from './buying.ts';
import { eventAlarms } from './events.ts';
import { mailAlarms } from './mail.ts';
import type { AlarmEntry } from './model.ts';
import { providerAlarms } from './providers.ts';
import { moneyAlarms } from './money.ts';
import { upkeepAlarms } from './upkeep.ts';

/** Every alarm. Each has a page in docs/runbooks; docs/adr/0025 says what they cost and how they stay quiet. */
export const alarmEntries: readonly AlarmEntry[] = [
  ...buyingAlarms,
  ...eventAlarms,
  ...upkeepAlarms,
  ...providerAlarms,
  ...mailAlarms,
  ...moneyAlarms,
];
