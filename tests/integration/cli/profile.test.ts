import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../support/cloud/run-command.ts';

const fileWith = (content: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'keyun-rules-')), 'rules.json');
  writeFileSync(file, content);
  return file;
};

describe('keyun profile check', () => {
  test.each(['carriers/air/after-sale.json', 'carriers/air/profile.json'])('finds %s sound', async (file) => {
    expect(await runCommand(`profile check ${file}`, {})).toMatchObject({
      code: 0,
      stdout: `${file} is sound\n`,
      stderr: '',
    });
  });

  test('tells every fault of rules with its place, whatever the name of their file', async () => {
    const refund = { offerSeconds: 600, beforeDeparture: [{ atLeast: 'P1D', percent: 101 }], roundTo: 0 };
    const file = fileWith(JSON.stringify({ versions: [{ refund }] }));
    const { code, stdout, stderr } = await runCommand(`profile check ${file}`, {});
    expect({ code, stdout, lines: stderr.trim().split('\n') }).toEqual({
      code: 1,
      stdout: '',
      lines: [
        `${file}: versions[0].refund.beforeDeparture[0].percent: must be at most 100`,
        `${file}: versions[0].refund.roundTo: must be more than 0`,
      ],
    });
  });

  test('tells of a file that is none, in one line', async () => {
    const file = join(tmpdir(), 'no-such-rules.json');
    expect(await runCommand(`profile check ${file}`, {})).toMatchObject({
      code: 1,
      stderr: `${file}: is missing\n`,
    });
  });
});
