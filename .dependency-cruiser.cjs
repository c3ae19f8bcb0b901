/**
 * The import rules of docs/ARCHITECTURE.md. A rule's comment says what to do instead; depcruise prints it with
 * each violation. tests/tidy/import-rules.test.ts breaks every rule once, so that none is only decoration.
 */

/** A module, and those that it may know: the modules before it. */
const mayKnow = {
  platform: [],
  bookings: [],
  timetable: [],
  users: [],
  fares: ['timetable'],
  inventory: ['timetable', 'fares'],
  orders: ['timetable', 'fares', 'inventory', 'users'],
  payments: ['timetable', 'fares', 'inventory', 'users', 'orders'],
  ledger: ['timetable', 'fares', 'inventory', 'users', 'orders', 'payments'],
  tickets: ['timetable', 'fares', 'inventory', 'users', 'orders', 'payments'],
  entries: ['timetable', 'fares', 'inventory', 'users', 'orders'],
  notifications: ['timetable', 'fares', 'inventory', 'users', 'orders', 'payments', 'tickets'],
};
/** Every module above may stand on these: what everything needs, and the kit of the one table. */
const ground = { platform: [], bookings: ['platform'] };
const standsOn = (module) => ground[module] ?? Object.keys(ground);
/** These join the modules above, and build on each other one way: each may know the ones that it names. */
const mayBuildOn = {
  runs: [],
  feeds: ['runs'],
  carriers: ['feeds'],
  journeys: [],
  paying: ['runs'],
  selling: ['runs', 'paying'],
  reconciliation: ['paying'],
  upkeep: ['runs', 'paying', 'selling', 'waitlist', 'reconciliation', 'disruption', 'check-ins'],
  'after-sale': ['runs', 'paying', 'selling'],
  'check-ins': ['runs'],
  disruption: ['runs', 'paying', 'selling', 'after-sale', 'waitlist'],
  audit: ['disruption'],
  waitlist: ['runs', 'paying', 'selling'],
};
const joining = Object.keys(mayBuildOn);
const modules = [...Object.keys(mayKnow), ...joining];
const joiningModule = `^shared/(${joining.join('|')})/`;
const joinsOthers = joiningModule;
/** Decisions: `rules.ts` and the files beside it that it is split into. */
const decisions = '^shared/[^/]+/(model|rules|decide-[^/]+)\\.ts$';
const businessModule = `^shared/(?!(${[...Object.keys(ground), ...joining].join('|')})/)[^/]+/`;

/** Entry files are named by routes, the bundler or package.json, never by an import. */
const entryFiles = [
  '^functions/(api/[^/]+|events|payment-callbacks|schedule|workflow)/[^/]+\\.ts$',
  '^infra/(app|bundle)\\.ts$',
  '^cli/(keyun\\.ts|bootstrap\\.js)$',
  '^tests/(run\\.ts|.*\\.test\\.ts)$',
  '^tests/(bench|bench/soak|bench/costs|simulation|simulation/planted)/run\\.ts$',
];

const forbidden = [
  {
    name: 'no-cycles',
    comment:
      'Two files that need each other are one subject, or need a third: move what both use below both.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'Nothing imports this file and it imports nothing: use it, or remove it.',
    severity: 'error',
    from: { orphan: true, pathNot: [...entryFiles, '\\.d\\.ts$'] },
    to: {},
  },
  {
    name: 'everything-resolves',
    comment: 'Mind the .ts ending; a package must stand in package.json.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-development-packages-at-run-time',
    comment:
      'What is deployed may not need a development package: move it to "dependencies", or import its types only.',
    severity: 'error',
    from: { path: '^(functions|shared)/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'models-and-rules-are-pure',
    comment:
      'model.ts and rules.ts decide over what they are given: pass in the time, random numbers and what a store read. ' +
      'They import models, rules and pure files of their own module, ' +
      'platform/{money,ids,time,outcome,carrier,after-sale/*,languages,locales}, bookings/{attention,transitions} and zod.',
    severity: 'error',
    from: { path: '^shared/([^/]+)/(model|rules)\\.ts$', pathNot: ['^shared/platform/', joinsOthers] },
    to: {
      pathNot: [
        '^shared/[^/]+/(model|rules)\\.ts$',
        '^shared/$1/[^/]+\\.ts$', // its own files: the next rule sees to it that they are pure as well
        '^shared/platform/(money|ids|time|outcome|carrier|after-sale/[^/]+|languages|locales)\\.ts$',
        '^shared/bookings/(attention|transitions)\\.ts$',
        'node_modules/zod/',
      ],
    },
  },
  {
    name: 'models-and-rules-reach-nothing-impure',
    comment:
      'A pure file leads to the clock, to randomness, the environment or the SDK through another import: pass the value ' +
      'in as an argument, or split the imported file in a pure and an impure one.',
    severity: 'error',
    from: { path: decisions },
    to: {
      reachable: true,
      path: [
        'node_modules/@aws-sdk/',
        '^(node:)?(crypto|fs|os|child_process|worker_threads|timers)(/|$)',
        '^shared/platform/(clock|random|clients|dynamo|secrets|log)\\.ts$',
        'store\\.ts$',
      ],
    },
  },
  {
    name: 'decisions-are-given-the-carrier',
    comment:
      'The carrier of this deployment is an argument of pure files: import its type, and let the use case pass it.',
    severity: 'error',
    from: { path: decisions, pathNot: '^shared/platform/' },
    to: { path: '^shared/platform/carrier-of-deployment\\.ts$' },
  },
  {
    name: 'stores-know-their-own-module',
    comment:
      'A store turns its own model into keys and expressions and imports nothing else of the business. Give other ' +
      'modules transaction items to join (paying and selling do), not their stores.',
    severity: 'error',
    from: { path: '^shared/([^/]+)/[^/]*store\\.ts$' },
    to: {
      path: '^shared/',
      pathNot: ['^shared/$1/', '^shared/(platform|bookings)/', '^shared/[^/]+/model\\.ts$'],
    },
  },
  {
    name: 'only-stores-speak-dynamodb',
    comment:
      'Keys and expressions stand in store.ts alone: add an operation, or a transaction item, to the store.',
    severity: 'error',
    from: { path: '^shared/', pathNot: ['^shared/platform/', '^shared/[^/]+/[^/]*store\\.ts$'] },
    to: { path: 'node_modules/@aws-sdk/[^/]*dynamodb/' },
  },
  {
    name: 'modules-share-models-and-rules-only',
    comment:
      'A module does not call the use cases or stores of another: join them in shared/paying or shared/selling (in shared/journeys for ' +
      'search, in shared/feeds for imports), or pass the value in.',
    severity: 'error',
    from: { path: '^shared/([^/]+)/', pathNot: ['^shared/platform/', joinsOthers] },
    to: { path: businessModule, pathNot: ['^shared/$1/', '^shared/[^/]+/(model|rules)\\.ts$'] },
  },
  {
    name: 'nothing-below-builds-on-the-joining-modules',
    comment: `${joining.join(', ')} stand on top: what others need of them belongs in a module below.`,
    severity: 'error',
    from: { path: '^shared/', pathNot: joiningModule },
    to: { path: joiningModule },
  },
  ...Object.entries(mayBuildOn).map(([module, below]) => ({
    name: `order-of-modules-${module}`,
    comment: `${module} may build on ${below.join(', ') || 'none of the others that join modules'}. Turn the import round.`,
    severity: 'error',
    from: { path: `^shared/${module}/` },
    to: { path: joiningModule, pathNot: [`^shared/(${[module, ...below].join('|')})/`] },
  })),
  {
    name: 'modules-have-a-place',
    comment: 'A new module must be given its place in the order of modules, in .dependency-cruiser.cjs.',
    severity: 'error',
    from: { path: '^shared/', pathNot: [`^shared/(${modules.join('|')})/`] },
    to: {},
  },
  ...Object.entries(mayKnow).map(([module, known]) => ({
    name: `order-of-modules-${module}`,
    comment:
      `${module} may know ${[...standsOn(module), ...known].join(', ') || 'no other'}. Turn the import round, or join the two in ` +
      'shared/paying or shared/selling.',
    severity: 'error',
    from: { path: `^shared/${module}/` },
    to: { path: '^shared/', pathNot: [`^shared/(${[module, ...standsOn(module), ...known].join('|')})/`] },
  })),
  {
    name: 'business-knows-no-entry-points',
    comment: 'shared is called by functions and the command line, never the other way: pass the thing in.',
    severity: 'error',
    from: { path: '^shared/' },
    to: { path: '^(functions|infra|cli)/' },
  },
  {
    name: 'functions-leave-aws-to-shared',
    comment:
      'A function reads its input and calls a use case: put the AWS call behind a store or a port in shared.',
    severity: 'error',
    from: { path: '^functions/' },
    to: { path: 'node_modules/@aws-sdk/' },
  },
  {
    name: 'functions-stand-alone',
    comment:
      'One file is one function. What two of them do belongs in functions/middleware, functions/compose or shared.',
    severity: 'error',
    from: { path: '^functions/' },
    to: { path: '^(infra|cli)/|^functions/(api|events|payment-callbacks|schedule|workflow)/' },
  },
  {
    name: 'infra-knows-two-tables-only',
    comment:
      'Stacks read functions/routes.ts and functions/subscriptions.ts; they name entry files as text and import no code that ' +
      'runs in them. app.ts alone reads the folder of the carrier, and what a person wrote is explained as everywhere.',
    severity: 'error',
    from: { path: '^infra/', pathNot: '^infra/(local|check)/' },
    to: {
      path: '^(functions|shared|cli)/',
      pathNot:
        '^functions/(routes|subscriptions)\\.ts$|^shared/(carriers/read-carrier|platform/(carrier-folder|explain-faults))\\.ts$',
    },
  },
  {
    name: 'local-run-is-for-this-machine',
    comment:
      'Nothing that is deployed may lean on the emulators: only the command line, the check of a deployment and tests import infra/local.',
    severity: 'error',
    from: { pathNot: '^(infra/(local|check)|cli|tests)/' },
    to: { path: '^infra/local/' },
  },
  {
    name: 'local-run-knows-no-business',
    comment:
      'The local run reads the template, as AWS does. Of the product it may have time, and clients with limits.',
    severity: 'error',
    from: { path: '^infra/local/' },
    to: { path: '^(functions|shared)/', pathNot: '^shared/platform/(time|aws-client)\\.ts$' },
  },
  {
    name: 'check-judges-what-is-deployed',
    comment:
      'The check of a deployment reads templates and bundles. Of the product it may have the shapes of the workflow, time, and ' +
      'clients with limits.',
    severity: 'error',
    from: { path: '^infra/check/' },
    to: {
      path: '^(functions|shared)/',
      pathNot: '^shared/(selling/workflow-shapes|platform/(time|aws-client))\\.ts$',
    },
  },
  {
    name: 'stacks-do-not-check-themselves',
    comment:
      'The check of a deployment reads what the stacks made: only the command line and tests import infra/check.',
    severity: 'error',
    from: { pathNot: '^(infra/check|cli|tests)/' },
    to: { path: '^infra/check/' },
  },
  {
    name: 'nobody-imports-the-command-line',
    comment: 'cli stands on top. What others need of it belongs in shared.',
    severity: 'error',
    from: { pathNot: '^(cli|tests)/' },
    to: { path: '^cli/' },
  },
  {
    name: 'nobody-imports-tests',
    comment: 'Move what is needed outside of tests to where it is used.',
    severity: 'error',
    from: { pathNot: '^tests/' },
    to: { path: '^tests/' },
  },
];

module.exports = {
  forbidden,
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(cdk\\.out|dist|\\.keyun)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
