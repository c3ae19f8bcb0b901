import * as z from 'zod';
import { explainFaults } from '../platform/explain-faults.ts';
import { classSchema } from '../platform/ids.ts';
import { layoutSchema, type Coach, type Layout } from '../timetable/model.ts';
import type { ProblemList } from './problems.ts';

/**
 * The operator's file beside the feed: it defines layouts and assigns them to trips. The first entry of `assign` that
 * names a trip decides. An entry names trips by public name, by id or, with `*` at the end, by the start of either; it
 * names routes by id or name.
 */
export const layoutsFileSchema = z.strictObject({
  $schema: z.string().optional(),
  layouts: z.array(layoutSchema).max(1000),
  assign: z.array(
    z
      .strictObject({
        layout: z.string(),
        trips: z.array(z.string().min(1)).optional(),
        routes: z.array(z.string().min(1)).optional(),
        default: z.boolean().optional(),
      })
      .refine(({ trips, routes, default: isDefault }) => trips || routes || isDefault, {
        message: 'names neither trips nor routes and is not the default',
      }),
  ),
  /** For `--fare-per-km`: the factor by which a class multiplies the rate. */
  fareFactors: z.record(classSchema, z.number().positive().max(100)).optional(),
});
export type LayoutsFile = z.infer<typeof layoutsFileSchema>;

export const noLayouts: LayoutsFile = { layouts: [], assign: [] };

/** Reads the text of a layouts file; each fault is reported with the path of its field. */
export const readLayoutsFile = (
  file: string,
  text: string,
  problems: ProblemList,
  idsOfCarrier: readonly string[] = [],
): LayoutsFile | undefined => {
  const refuse = (reason: string): void => problems.refuse({ kind: 'layouts', file, reason });
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\u{FEFF}/u, ''));
  } catch (error) {
    refuse(`is not JSON: ${(error as Error).message}`);
    return undefined;
  }
  const parsed = explainFaults(layoutsFileSchema, json);
  if ('faults' in parsed) {
    for (const { path, message } of parsed.faults) refuse(`${path || 'the file'}: ${message}`);
    return undefined;
  }
  const before = problems.count('refusal');
  checkNames(parsed.data, idsOfCarrier, refuse);
  return problems.count('refusal') === before ? parsed.data : undefined;
};

type Refuse = (reason: string) => void;

const checkNames = (
  { layouts, assign }: LayoutsFile,
  idsOfCarrier: readonly string[],
  refuse: Refuse,
): void => {
  const layoutIds = new Set<string>();
  for (const [at, layout] of layouts.entries()) {
    const place = `layouts[${at}]`;
    if (layoutIds.has(layout.layoutId)) {
      refuse(`${place}.layoutId: ${layout.layoutId} is taken`);
    }
    layoutIds.add(layout.layoutId);
    checkCoaches(place, layout, refuse);
  }
  for (const [at, { layout }] of assign.entries()) {
    if (!layoutIds.has(layout) && !idsOfCarrier.includes(layout)) {
      refuse(`assign[${at}].layout: there is no layout ${layout}`);
    }
  }
};

/** A layout may list a coach twice, with two classes. Their rows must then differ, because a seat is one place. */
const checkCoaches = (place: string, layout: Layout, refuse: Refuse): void => {
  const earlierNames = new Set<string>();
  for (const [at, { coach, seats, specialNeeds = [] }] of layout.coaches.entries()) {
    const names = seatNames(seats);
    for (const [marked, name] of specialNeeds.entries())
      if (!names.includes(name))
        refuse(`${place}.coaches[${at}].specialNeeds[${marked}]: coach ${coach} has no seat ${name} here`);
    const twice = names.find(
      (name, index) => earlierNames.has(`${coach} ${name}`) || names.indexOf(name) < index,
    );
    if (twice) {
      const field = `${place}.coaches[${at}].seats`;
      refuse(`${field}: coach ${coach} has the seat ${twice} twice`);
    }
    for (const name of names) earlierNames.add(`${coach} ${name}`);
  }
};

const seatNames = (seats: Coach['seats']): string[] => {
  if (Array.isArray(seats)) return seats;
  if ('count' in seats) return [];
  const rows = Array.from({ length: seats.rows }, (_, row) => seats.firstRow + row);
  return rows.flatMap((row) => [...seats.letters].map((letter) => `${row}${letter}`));
};

type Assignable = { tripId: string; name: string; routeId: string };

const matches = (pattern: string, text: string): boolean =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;

/**
 * Finds the layout of a trip; undefined if no entry names the trip, and then no seat of it can be sold. `unused`
 * afterwards reports the patterns that matched no trip.
 */
export const layoutAssigner = ({ assign }: LayoutsFile, routeNames: ReadonlyMap<string, string>) => {
  const used = new Set<number>();
  const appliesTo = (rule: LayoutsFile['assign'][number], { tripId, name, routeId }: Assignable): boolean =>
    Boolean(rule.default) ||
    Boolean(rule.trips?.some((pattern) => matches(pattern, name) || matches(pattern, tripId))) ||
    Boolean(rule.routes?.some((route) => route === routeId || route === routeNames.get(routeId)));
  const layoutIdOf = (trip: Assignable): string | undefined => {
    const at = assign.findIndex((rule) => appliesTo(rule, trip));
    used.add(at);
    return assign[at]?.layout;
  };
  const unused = (): number[] => assign.map((_, at) => at).filter((at) => !used.has(at));
  return { layoutIdOf, unused };
};
