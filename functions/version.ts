import manifest from '../package.json' with { type: 'json' };

/** The version of this build: the manifest is read when the function is bundled. */
export const version: string = manifest.version;
