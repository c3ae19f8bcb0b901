import { plantedFaults } from '../simulation/planted/faults.ts';
import { allFiles, textOf } from './repository.ts';

/** A deliberate fault whose text is gone is planted no more, and nobody would notice until all of them are run. */
describe('deliberate faults', () => {
  const edits = plantedFaults.flatMap((fault) =>
    [fault, ...(fault.also ?? [])].map(({ file, code }) => ({ name: fault.name, file, code })),
  );

  test('each replaces a text that stands once in its file', () => {
    const lost = edits.filter(
      ({ file, code }) => !allFiles.includes(file) || textOf(file).split(code).length !== 2,
    );
    expect(lost).toEqual([]);
    expect(edits.length).toBeGreaterThan(50);
  });

  test('each test that is to catch one exists', () => {
    const tests = plantedFaults.flatMap(({ test }) => test?.split(' ') ?? []);
    expect(tests.filter((path) => !allFiles.some((file) => file.startsWith(path)))).toEqual([]);
  });
});
