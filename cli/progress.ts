import type { ImportProgress } from '../shared/feeds/import-timetable.ts';

const drawnEveryMilliseconds = 100;
const counts = new Intl.NumberFormat('en');

/**
 * Shows on stderr how far an import is: one line that is drawn over and over on a terminal, and one line per step
 * elsewhere, so that logs stay short.
 */
export const importProgress = (stream: NodeJS.WriteStream = process.stderr) => {
  let drawnAt = 0;
  let step = '';
  const show = (progress: ImportProgress): void => {
    const [name, text] =
      progress.step === 'reading'
        ? [progress.file, `reading ${progress.file}: ${counts.format(progress.rows)} rows`]
        : ['writing', `writing: ${counts.format(progress.written)} items`];
    const isNew = name !== step;
    step = name;
    if (!stream.isTTY) {
      if (isNew) stream.write(`${name === 'writing' ? 'writing' : `reading ${name}`}\n`);
      return;
    }
    if (!isNew && performance.now() - drawnAt < drawnEveryMilliseconds) return;
    drawnAt = performance.now();
    stream.write(`\r\u{1b}[K${text}`);
  };
  const end = (): void => {
    if (stream.isTTY) stream.write('\r\u{1b}[K');
  };
  return { show, end };
};
