import type { Availability } from '../inventory/model.ts';
import type { Class, RunId } from '../platform/ids.ts';
import type { Label, Names } from '../platform/languages.ts';
import type { Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';
import type { Stop, Stretch } from '../timetable/model.ts';
import type { Departure } from './find-departures.ts';

/** A departure between the two stops of a search, or of a leg of a connection. */
export type Ride = { from: Stop; to: Stop; departure: Departure };

/** A class of a run: its adult fare, null if there is none and no seat is on sale, and the seats at the last count. */
export type ClassOffer = { class: Class; fare: Money | null; seatsLeft: number };

/** A ride that is on sale, with the fares and seats of each class. `view` is the count behind them, if there is one. */
export type RideOffer = {
  runId: RunId;
  trip: string;
  tripNames: Names | undefined;
  headsign: Label | undefined;
  from: Stop;
  to: Stop;
  stretch: Stretch;
  departs: Instant;
  arrives: Instant;
  classes: ClassOffer[];
  view: Availability | undefined;
};
