import type { Command } from 'commander';

/** Commander's complaint about an option in one line that ends with where to look, without the whole help below it. */
export const oneLineUsage = (command: Command, help: string): Command =>
  command.showHelpAfterError(false).configureOutput({
    outputError: (text, write) => {
      const line = text
        .replace(/^error: /, '')
        .trim()
        .replaceAll(/\s*\n\s*/g, ' ');
      write(`keyun: ${line} (${help} lists the options)\n`);
    },
  });
