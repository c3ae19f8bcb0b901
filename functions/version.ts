import manifest from '../package.json' with { type: 'json' };

/** The version of this build: the bundler reads the manifest. */
export const version: string = manifest.version;
