/*
 * The id of a version in force: a ULID. A version that comes into force again has an id of its own, newer than every
 * other, that ends with the id of its rows. So all code that compares ids (frozen runs, notes, changes of runs) treats
 * a rollback like an import: the version in force only ever becomes newer (docs/adr/0017).
 */
const separator = '~';

/** The id under which the rows of a version are stored. */
export const rowsOf = (version: string): string => version.split(separator)[1] ?? version;

/** The id of a version that comes into force again, with the rows of an earlier one. */
export const againOf = (newId: string, earlier: string): string => `${newId}${separator}${rowsOf(earlier)}`;

/** The ULID that orders versions. */
export const ulidOf = (version: string): string => version.split(separator)[0] ?? version;

/**
 * The id of rows beside the timetable, which never come into force. In the order of ids it is newer than every version, so
 * that a run made from such rows is never behind the timetable and follows no import.
 */
export const besideOf = (newId: string): string => `beside-${newId}`;
