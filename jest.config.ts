import type { Config } from 'jest';

/**
 * Packages that ship ES modules and nothing else. Jest runs CommonJS, so these are transformed like our own
 * files; every other package is loaded as it is, which keeps a cold run short.
 */
const esmOnly = [
  '@middy',
  '@formatjs',
  'intl-messageformat',
  'jose',
  'oauth4webapi',
  'openid-client',
  'commander',
  'fauxqs',
  'temporal-polyfill',
  'temporal-utils',
  'bwip-js',
  'eta',
  'any-ascii',
];

/** To CommonJS; `import.meta.url`, `.dirname` and `.filename` keep their meaning. */
const swc: [string, Record<string, unknown>] = [
  '@swc/jest',
  { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'commonjs' } },
];

// What is logged on purpose in a test would bury what a test says; set a level to see it.
process.env['POWERTOOLS_LOG_LEVEL'] ??= 'SILENT';

// A test that does not choose a carrier is about the one that the first tests were written for.
process.env['KEYUN_CARRIER'] ??= 'cn-rail';

/**
 * `npx jest tests/unit` runs one folder, `npm test` runs all of them. Jest 30 reads this file through Node's own
 * type stripping, so it needs neither ts-node nor a build.
 */
const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  transform: { '\\.(?:ts|js|mjs)$': swc },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esmOnly.join('|')})/)`],
  moduleNameMapper: {
    // These two name their entry under the condition `import` alone, which a CommonJS resolver never asks for.
    '^@middy/([a-z-]+)$': '<rootDir>/node_modules/@middy/$1/index.js',
    '^fauxqs$': '<rootDir>/node_modules/fauxqs/dist/app.js',
    // Its CommonJS build has no function per symbology, which is what keeps bundles small.
    '^bwip-js/node$': '<rootDir>/node_modules/bwip-js/dist/bwip-js-node.mjs',
  },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.keyun', '<rootDir>/dist'],
  // The big feeds are not part of the repository: without them their tests cannot even start.
  testPathIgnorePatterns: process.env['KEYUN_SHARED_DATA'] ? [] : ['<rootDir>/tests/feeds/'],
  testTimeout: 30_000,
  maxWorkers: 2,
};

export default config;
