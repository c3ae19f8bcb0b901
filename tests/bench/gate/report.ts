import { ratesTable, table, whole } from '../payments/report.ts';
import type { GateReport } from './run-gate.ts';

export const gateText = ({ rates, checkIn, manifest }: GateReport): string =>
  [
    ratesTable(rates),
    table([
      ['a check-in', 'requests that read', 'that write', 'units of reading', 'of writing', 'ms'],
      ['---', '--:', '--:', '--:', '--:', '--:'],
      [
        '',
        ...[checkIn.reads, checkIn.writes, checkIn.readUnits, checkIn.writeUnits, checkIn.milliseconds].map(
          (value) => value.toFixed(1),
        ),
      ],
    ]),
    table([
      ['the manifest', 'tickets', 'pages', 'requests', 'units of reading', 'ms', 'KB', 'KB gzipped'],
      ['---', '--:', '--:', '--:', '--:', '--:', '--:', '--:'],
      [
        '',
        ...[manifest.tickets, manifest.pages, manifest.requests, manifest.readUnits].map(whole),
        ...[manifest.milliseconds, manifest.kilobytes, manifest.gzipped].map(whole),
      ],
    ]),
  ].join('\n\n');
