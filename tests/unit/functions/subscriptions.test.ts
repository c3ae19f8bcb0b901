import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { subscribers, subscribersOf, subscriptions } from '../../../functions/subscriptions.ts';
import { eventNames, type EventName } from '../../../shared/selling/events-of.ts';
import { eventTasks } from '../../../shared/selling/event-tasks.ts';
import { workflowTasks } from '../../../shared/selling/workflow-tasks.ts';

const functions = join(import.meta.dirname, '../../../functions');
const entriesOf = (group: string) =>
  readdirSync(join(functions, group)).map((file) => file.replace('.ts', ''));
const textOf = (path: string) => readFileSync(join(functions, `${path}.ts`), 'utf8');
const kebab = (name: string) => name.replaceAll(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
const camel = (name: string) => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Entries of an order's history that are steps on the way: nothing is to be done, and nobody to be told. */
const steps: readonly EventName[] = [
  'order-closing',
  'order-releasing',
  'order-from-waitlist',
  'order-paid',
  'tickets-exchanged',
  'order-refunding',
  'entry-placed',
  'entry-fulfilled',
  'entry-withdrawn',
  'entry-ended',
];

/** Its queue has what SES reports of mails, and no event of ours. */
const ofMailReports = 'record-mail-report';

describe('events', () => {
  test('each is wanted by a queue, or is one of the steps that nobody waits for', () => {
    const unwanted = eventNames.filter((event) => subscribersOf(event).length === 0);
    expect(unwanted).toEqual(steps);
  });

  test('no queue wants what is never published', () => {
    const wanted = Object.values(subscriptions).flat();
    expect(wanted.filter((event) => !eventNames.includes(event))).toEqual([]);
  });

  test('each subscriber is a function behind a queue, and every such function is one, or reads the reports of mails', () => {
    const behindQueues = entriesOf('events').filter((name) =>
      textOf(`events/${name}`).includes('queueHandler('),
    );
    expect(behindQueues.toSorted()).toEqual([...subscribers, ofMailReports].toSorted());
  });

  test.each(Object.keys(eventTasks))('%s does what the table of tasks has', (name) => {
    expect(textOf(`events/${name}`)).toContain(`${camel(name)}Task(`);
  });
});

describe('tasks of the workflow', () => {
  test('each is one function, and every function one of them', () => {
    expect(Object.keys(workflowTasks).map(kebab).toSorted()).toEqual(entriesOf('workflow').toSorted());
  });

  test.each(entriesOf('workflow'))('workflow/%s does what the table of tasks has', (name) => {
    expect(textOf(`workflow/${name}`)).toContain(`${camel(name)}Task(`);
  });
});
