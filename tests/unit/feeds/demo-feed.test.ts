import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoFeed } from '../../../cli/demo-feed/make.ts';

const folder = join(import.meta.dirname, '../../../carriers/cn-rail/demo');

test('the demo feed that is kept is the one that its script makes', () => {
  for (const [file, text] of Object.entries(demoFeed())) {
    expect([file, readFileSync(join(folder, file), 'utf8')]).toEqual([file, text]);
  }
});
