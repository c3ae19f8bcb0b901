import { printable } from '../../cli/run-command.ts';

test('nothing that is printed can move the cursor, colour the terminal or hide a line', () => {
  expect(printable('why\u{1b}[2K\r\u{9b}31m\u{7}\u{8}\u{7f} 余额不足\tnext\n')).toBe(
    'why[2K31m 余额不足\tnext\n',
  );
});
