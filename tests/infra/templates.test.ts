// One test file, so that the app is synthesized once for all of these: that takes longer than all they do with it.
import './capabilities.checks.ts';
import './outputs.checks.ts';
import './sign-in.checks.ts';
import './second-try.checks.ts';
import './stacks.checks.ts';
import './alarms.checks.ts';
import './alarm-states.checks.ts';
import './runbooks.checks.ts';
import './restored-tables.checks.ts';
import './api.checks.ts';
import './calls.checks.ts';
import './grants.checks.ts';
import './key.checks.ts';
import './mail.checks.ts';
import './purchase-workflow.checks.ts';
import './quotas.checks.ts';
import './time-limits.checks.ts';
