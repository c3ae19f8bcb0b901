import { problems } from '../../../functions/middleware/problems.ts';

describe('the title of a problem', () => {
  test.each(Object.entries(problems))(
    '%s says what happened and what to do next, in two sentences',
    (_, { title }) => {
      expect(title).toMatch(/^[A-Z][^.!?]*\. (?:Please|[A-Z][a-z]+)[^.!?]*\.$/);
    },
  );
});
