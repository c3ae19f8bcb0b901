import { openFeed } from '../../../shared/feeds/open-feed.ts';
import { problemLines, problemList } from '../../../shared/feeds/problems.ts';
import { readFeed } from '../../../shared/feeds/read-feed.ts';
import { sampleToday, soundFeed, writeFeed, type FeedTexts } from '../../support/sample-feed.ts';

const heading = 'from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id';

const read = async (rows: string[], changes: FeedTexts = {}) => {
  const files = await openFeed(
    writeFeed({ 'transfers.txt': `${[heading, ...rows].join('\n')}\n`, ...changes }),
  );
  const problems = problemList();
  const feed = await readFeed({ files, problems, today: sampleToday, onProgress: () => undefined });
  files.close();
  return {
    times: Object.fromEntries(feed?.transfers ?? []),
    leftOut: problemLines(problems.byKind('leftOut')),
    warnings: problemLines(problems.byKind('warning')),
  };
};

describe('transfers.txt', () => {
  test('says how long a change takes at a stop, or that nobody changes there', async () => {
    const found = await read(['A,A,2,300,', 'B,B,3,,', 'C,C,0,,']);
    expect(found).toEqual({ times: { A: 300, B: 'impossible' }, leftOut: [], warnings: [] });
  });

  test('a station takes the longest time of its platforms, and of single trips', async () => {
    const stops = 'stop_id,stop_name,location_type,parent_station\nA,Altona,1,\nA1,,,A\nA2,,,A\n';
    const found = await read(
      ['A1,A2,2,300,', 'A2,A1,2,420,', 'A,A,2,240,', 'A1,A1,2,500,day', 'A1,A2,3,,day'],
      {
        'stops.txt': `${stops}B,Berlin Hbf,,\nC,München Hbf,,\n`,
        'stop_times.txt': String(soundFeed['stop_times.txt']).replaceAll(',A,', ',A1,'),
      },
    );
    expect(found).toEqual({
      times: { A: 500 },
      leftOut: [],
      warnings: ['transfers.txt:6: is about some routes or trips only: it changes no transfer time'],
    });
  });

  test.each([
    ['A,A,2,,', 'transfers.txt:2: min_transfer_time is empty, and transfer_type is 2'],
    ['A,A,2,soon,', 'transfers.txt:2: min_transfer_time soon is not a number up to 86400'],
    ['A,A,2,86401,', 'transfers.txt:2: min_transfer_time 86401 is not a number up to 86400'],
    ['A,A,9,60,', 'transfers.txt:2: transfer_type 9 is unknown'],
    ['Z,A,2,60,', 'transfers.txt:2: from_stop_id Z is not a stop in stops.txt where trips can call'],
    ['A,,2,60,', 'transfers.txt:2: to_stop_id is empty'],
  ])('leaves out the row %s', async (row, reason) => {
    expect(await read([row])).toEqual({
      times: {},
      leftOut: [`${reason}: the row is left out`],
      warnings: [],
    });
  });

  test('says that a way between two stops is not taken', async () => {
    const { times, warnings } = await read(['A,B,2,600,']);
    expect(times).toEqual({});
    expect(warnings).toEqual(['transfers.txt:2: leads from A to B: connections change at one stop']);
  });

  test('counts as absent if it is empty', async () => {
    expect(await read([], { 'transfers.txt': '' })).toEqual({ times: {}, leftOut: [], warnings: [] });
  });
});
