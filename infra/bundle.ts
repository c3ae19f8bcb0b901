import { build } from 'esbuild';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The folders below `functions/` in which every file, at any depth, is the entry of one Lambda function. */
const groups = ['api', 'payment-callbacks', 'workflow', 'events', 'schedule'];

export type BundledFunction = {
  /** The entry file below `functions/`, without its ending: `api/orders/place-order`. */
  entry: string;
  /** The folder to deploy. Its `index.mjs` exports `handler`. */
  directory: string;
  bytes: number;
};

const entries = (): string[] =>
  groups.flatMap((group) =>
    readdirSync(join(root, 'functions', group), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .map((file) => `${group}/${file.slice(0, -'.ts'.length)}`),
  );

/** The file that shared/platform/carrier-of-deployment.ts reads, beside each bundle that includes that module. */
const carrierFile = 'carrier.json';
const carrierReader = 'shared/platform/carrier-of-deployment.ts';

/**
 * Bundles every function into `<output>/<entry>/index.mjs`, in one call, so that esbuild parses shared files once. A bundle
 * includes the AWS SDK clients that it uses: these are the tested versions, and they load quicker than the runtime's own. Writes
 * the carrier beside each function that reads it. Throws if a file does not build; esbuild prints the place.
 */
export const bundleFunctions = async (
  output = join(root, 'dist', 'functions'),
  carrier?: { carrierId: string },
): Promise<BundledFunction[]> => {
  // A bundle must not outlive its source.
  rmSync(output, { recursive: true, force: true });
  const names = entries();
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((entry) => ({ in: `functions/${entry}.ts`, out: `${entry}/index` })),
    outdir: output,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // esbuild can remove unused code from ES modules, so it takes those of packages that have both kinds.
    mainFields: ['module', 'main'],
    // CommonJS packages still call `require` for Node's own modules.
    banner: {
      js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
    },
    minify: true,
    // The workflow branches by names of errors, and stack traces name functions.
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
  });
  return names.map((entry) => {
    const directory = join(output, entry);
    const made = metafile.outputs[relative(root, join(directory, 'index.mjs'))];
    if (carrier && made && carrierReader in made.inputs)
      writeFileSync(join(directory, carrierFile), JSON.stringify(carrier));
    return { entry, directory, bytes: made?.bytes ?? 0 };
  });
};

if (import.meta.main) {
  for (const { entry, bytes } of await bundleFunctions()) {
    process.stdout.write(`${String(Math.ceil(bytes / 1024)).padStart(6)} KB  ${entry}\n`);
  }
}
