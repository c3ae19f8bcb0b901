import type { ServiceDate } from '../shared/platform/ids.ts';
import { daysBetween } from '../shared/platform/time.ts';
import type { SaleException, Sales, Version } from '../shared/timetable/model.ts';
import { print } from './run-command.ts';

/** Prints what is on sale: the dates, each exception, and what the timetable lacks. */
export const printSales = (
  sales: Sales | undefined,
  version: Version | undefined,
  today: ServiceDate,
): void => {
  const isOpen = sales !== undefined && sales.until >= today && sales.until >= sales.from;
  if (isOpen) {
    const count = daysBetween(sales.from, sales.until) + 1;
    print(
      `On sale: departures from ${sales.from} to ${sales.until}, ${count} ${count === 1 ? 'day' : 'days'}`,
    );
  } else print('No dates are on sale: open some with keyun sales open');
  for (const each of sales?.exceptions ?? []) print(exceptionText(each));
  if (!version) print('There is no timetable yet: run keyun timetable import');
  else if (isOpen && version.lastDate < sales.until) print(`The timetable ends on ${version.lastDate}`);
  else if (isOpen && version.firstDate > sales.from) print(`The timetable begins on ${version.firstDate}`);
};

const exceptionText = ({ subject, sale, from, until }: SaleException): string => {
  const what = subject.kind === 'all' ? 'All trips' : `The ${subject.kind} ${subject.id}`;
  const verb = subject.kind === 'all' ? 'are' : 'is';
  const dates = until === undefined ? `from ${from} on` : `from ${from} to ${until}`;
  return `${what} ${verb} ${sale === 'open' ? 'on sale' : 'off sale'} ${dates}`;
};
