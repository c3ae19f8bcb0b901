import type { Table } from '../platform/dynamo.ts';
import { inLanes } from '../platform/in-lanes.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { keepAnswers, readAnswers, type Answered } from './answers-store.ts';
import type { Question } from './ask-about.ts';
import type { BillDay, Elsewhere, Finding } from './model.ts';

/** Providers limit how often one merchant may ask. */
const askedAtOnce = 8;

/** So many answers are one item: a run that dies loses no more. */
const keptTogether = 200;

/** What is left to tell, and what must be looked for in the bills of earlier days before it is told. */
export type AllAsked = { findings: Finding[]; elsewhere: Elsewhere[] };

type Asking = { bookings: Table; clock: Clock; day: BillDay; hasTime: () => boolean };

/**
 * Asks all questions, but not those that an earlier run without an end has asked within the last day. If the time runs out or
 * the provider falls silent, it keeps the answers for the next run: without the rest nobody knows whether something is missing.
 */
export const askAll = async (
  { bookings, clock, day, hasTime }: Asking,
  questions: readonly Question[],
): Promise<Outcome<AllAsked, 'provider-silent' | 'out-of-time'>> => {
  const known = new Map((await readAnswers(bookings, day, clock())).map((answer) => [answer.about, answer]));
  const answers = stillTrue(known, questions);
  let waiting = questions.filter(({ about }) => !known.has(about));
  if (!hasTime()) return rejected('out-of-time');
  while (waiting.length > 0) {
    const asked = await askSome(waiting.slice(0, keptTogether), hasTime);
    answers.push(...asked.answers);
    // Whom the provider did not answer about comes last.
    waiting = [...asked.unasked, ...waiting.slice(keptTogether), ...asked.silent];
    if (waiting.length === 0) break;
    await keepAnswers(bookings, day, asked.answers, clock());
    if (asked.isSilent) return rejected('provider-silent');
    if (!hasTime()) return rejected('out-of-time');
  }
  return accepted({
    findings: answers.flatMap(({ findings }) => findings),
    elsewhere: answers.flatMap((answer) => answer.elsewhere ?? []),
  });
};

/** What is known of questions that are still open; and what is booked by now, about which there is no question any more. */
const stillTrue = (known: ReadonlyMap<string, Answered>, questions: readonly Question[]): Answered[] => {
  const open = new Set(questions.map(({ about }) => about));
  return [...known.values()].filter(
    ({ about, findings }) => open.has(about) || findings.some(({ repaired }) => repaired),
  );
};

type Asked = {
  answers: Answered[];
  silent: Question[];
  /** There was no time for them. */
  unasked: Question[];
  /** The provider has answered too few to go on. */
  isSilent: boolean;
};

const askSome = async (questions: readonly Question[], hasTime: () => boolean): Promise<Asked> => {
  const answers: Answered[] = [];
  const silent: Question[] = [];
  const unasked = new Set(questions);
  // One answer that is lost does not end a run; a provider that is away does, and soon.
  const isAway = () => silent.length > answers.length + askedAtOnce;
  await inLanes(
    questions,
    { lanes: askedAtOnce, hasTime: () => !isAway() && hasTime() },
    async (question) => {
      unasked.delete(question);
      const found = await question.ask();
      if (found === 'silent') silent.push(question);
      else answers.push({ about: question.about, ...found });
    },
  );
  return { answers, silent, unasked: [...unasked], isSilent: silent.length > answers.length };
};
