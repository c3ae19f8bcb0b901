import { problemLines, problemList } from '../../../shared/feeds/problems.ts';
import { layoutAssigner, readLayoutsFile } from '../../../shared/feeds/read-layouts.ts';

const coach = (more: object = {}) => ({
  coach: '01',
  class: 'second',
  seats: { rows: 2, letters: 'AB' },
  ...more,
});
const layout = (...coaches: object[]) => ({ layoutId: 'L', coaches });

const read = (content: unknown) => {
  const problems = problemList();
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const file = readLayoutsFile('layouts.json', text, problems);
  return { file, problems: problemLines(problems.byKind('refusal')) };
};

describe('layouts.json', () => {
  test('says which seats there are and which trips have them, first match first', () => {
    const { file, problems } = read({
      layouts: [layout(coach()), { ...layout(coach()), layoutId: 'M' }],
      assign: [
        { layout: 'M', trips: ['G1', 'K*'] },
        { layout: 'L', routes: ['R1', 'Express'] },
        { layout: 'L', trips: ['nobody'] },
        { layout: 'M', default: true },
      ],
    });
    expect(problems).toEqual([]);
    const { layoutIdOf, unused } = layoutAssigner(file!, new Map([['R2', 'Express']]));
    const idOf = (tripId: string, name: string, routeId: string) => layoutIdOf({ tripId, name, routeId });
    expect([
      idOf('1', 'G1', 'R1'),
      idOf('1', 'G11', 'R1'),
      idOf('K77', 'x', 'R9'),
      idOf('2', 'x', 'R2'),
      idOf('3', 'x', 'R9'),
    ]).toEqual(['M', 'L', 'M', 'L', 'M']);
    expect(unused()).toEqual([2]);
  });

  test('invent no seat: a trip that no entry names has no layout', () => {
    const { layoutIdOf } = layoutAssigner({ layouts: [], assign: [] }, new Map());
    expect(layoutIdOf({ tripId: '1', name: 'x', routeId: 'R' })).toBeUndefined();
  });

  test('may assign a layout of the carrier’s folder', () => {
    const content = JSON.stringify({ layouts: [], assign: [{ layout: 'standard', default: true }] });
    expect(readLayoutsFile('layouts.json', content, problemList(), ['standard'])).toBeDefined();
    expect(readLayoutsFile('layouts.json', content, problemList())).toBeUndefined();
  });

  test('may have a coach of two classes with rows of their own', () => {
    const first = coach({ class: 'first', seats: { rows: 2, firstRow: 3, letters: 'AB' } });
    expect(read({ layouts: [layout(coach(), first)], assign: [] }).problems).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['text that is no JSON', '{', 'layouts.json: is not JSON'],
    ['a missing part', { layouts: [] }, 'layouts.json: assign: '],
    [
      'a field nobody knows',
      { layouts: [], assign: [], extra: 1 },
      'layouts.json: extra: is not a known setting',
    ],
    [
      'a wrong field deep inside',
      { layouts: [layout(coach({ seats: { rows: 0, letters: 'AB' } }))], assign: [] },
      'layouts.json: layouts[0].coaches[0].seats.rows: must be at least 1',
    ],
    [
      'an unknown layout',
      { layouts: [], assign: [{ layout: 'X', default: true }] },
      'layouts.json: assign[0].layout: there is no layout X',
    ],
    [
      'a layout twice',
      { layouts: [layout(coach()), layout(coach())], assign: [] },
      'layouts.json: layouts[1].layoutId: L is taken',
    ],
    [
      'a seat twice',
      { layouts: [layout(coach(), coach({ class: 'first' }))], assign: [] },
      'layouts.json: layouts[0].coaches[1].seats: coach 01 has the seat 1A twice',
    ],
    [
      'a marked seat that the coach does not have',
      { layouts: [layout(coach({ specialNeeds: ['1A', '99A'] }))], assign: [] },
      'layouts.json: layouts[0].coaches[0].specialNeeds[1]: coach 01 has no seat 99A here',
    ],
    [
      'a marked place among places without numbers',
      { layouts: [layout(coach({ seats: { count: 10 }, specialNeeds: ['1A'] }))], assign: [] },
      'layouts.json: layouts[0].coaches[0].specialNeeds[0]: coach 01 has no seat 1A here',
    ],
    [
      'an entry for nobody',
      { layouts: [], assign: [{ layout: 'standard' }] },
      'layouts.json: assign[0]: names neither trips nor routes and is not the default',
    ],
  ])('is refused with %s', (_, content, problem) => {
    const { file, problems } = read(content);
    expect(file).toBeUndefined();
    expect(problems[0]).toContain(problem);
  });
});
