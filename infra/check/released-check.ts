import type { Check, Finding, Subject } from './model.ts';
import { lostProtection } from './protection.ts';
import { keptOf, readReleased, type Released, type ReleasedResource } from './released.ts';
import { lossOf, whyStrands } from './stateful.ts';
import { indexFaults } from './table-indexes.ts';
import { isSame } from './template-values.ts';

const generated = 'GenerateSecretString';

type Compared = { id: string; before: ReleasedResource; now: ReleasedResource | undefined };

/** The released resources with what has become of each; nothing if the stage was never released. */
const compare = (subject: Subject, released: Released | undefined): Compared[] => {
  const kept = keptOf(subject);
  return Object.entries(released?.resources ?? {}).map(([id, before]) => {
    const now = kept[id];
    return { id, before, now: now?.type === before.type ? now : undefined };
  });
};

/** The checks against a release: by default the last one of the subject's stage. */
export const releasedChecks = (released: (stage: string) => Released | undefined = readReleased): Check[] => [
  {
    name: 'generated-secrets',
    proves: 'the generated secrets stay as they are',
    withoutSettings: true,
    find: (subject) => compare(subject, released(subject.stage)).flatMap(secretFindings),
  },
  {
    name: 'stateful-resources',
    proves: 'no update replaces, removes or unprotects what holds data',
    withoutSettings: true,
    find: (subject) => compare(subject, released(subject.stage)).flatMap(statefulFindings),
  },
];

/** A new secret makes sealed documents unreadable and signed tickets invalid. */
const secretFindings = ({ id, before, now }: Compared): Finding[] => {
  if (!(generated in before.pinned))
    return now && generated in now.pinned
      ? [
          {
            where: `${id}.${generated}`,
            what: 'is new: AWS generates a secret in place of what a person has entered',
            remedy: 'remove it, or give the generated secret an id of its own',
          },
        ]
      : [];
  if (!now)
    return [
      { where: id, what: 'is gone: another id is another secret', remedy: 'give the secret its released id' },
    ];
  return isSame(now.pinned[generated], before.pinned[generated])
    ? []
    : [
        {
          where: `${id}.${generated}`,
          what: `differs from the release: ${whyStrands(before.type, generated) ?? ''}`,
          remedy: `set it back to ${JSON.stringify(before.pinned[generated])}`,
        },
      ];
};

const recordAgain =
  'take the change back; if nobody has deployed the release, record it again: keyun deploy-check --record <version>';

const statefulFindings = ({ id, before, now }: Compared): Finding[] => {
  if (!now)
    return [
      {
        where: id,
        what: `${before.type} is gone: an update loses ${lossOf(before.type) ?? 'it'}`,
        remedy: recordAgain,
      },
    ];
  return [
    ...pinnedFaults(before, now),
    ...lostProtection(before, now),
    ...indexFaults(before.indexes ?? {}, now.indexes ?? {}),
  ].map((what) => ({ where: id, what, remedy: recordAgain }));
};

const pinnedFaults = (before: ReleasedResource, now: ReleasedResource): string[] =>
  [...new Set([...Object.keys(before.pinned), ...Object.keys(now.pinned)])]
    .filter((path) => path !== generated && !isCompatible(path, before, now))
    .map((path) => {
      const why = whyStrands(before.type, path);
      const loss = `CloudFormation replaces the resource and loses ${lossOf(before.type) ?? 'it'}`;
      return `${path} differs from the release: ${why ?? loss}`;
    });

/** A table may get new attributes, for a new index; everything else that is pinned stays equal. */
const isCompatible = (path: string, before: ReleasedResource, now: ReleasedResource): boolean => {
  const [old, current] = [before.pinned[path], now.pinned[path]];
  if (path === 'AttributeDefinitions' && Array.isArray(old) && Array.isArray(current))
    return old.every((one) => current.some((other) => isSame(one, other)));
  return isSame(old, current);
};
