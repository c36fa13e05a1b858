/**
 * Bundles a benchmark the way the product is shipped (scripts/build.mjs) and runs it: loading TypeScript as it runs takes
 * a tenth of an action's processor time, for each `import()` goes through the loader's thread.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { REPOSITORY } from '../support/idac.ts';

const [entry = '', ...args] = process.argv.slice(2);

/** Sources of tests find their neighbours by where they are, which is not where the bundle is. */
const whereTheyWere: Plugin = {
  name: 'where-they-were',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
        .replaceAll(', import.meta.url)', `, ${JSON.stringify(pathToFileURL(file).href)})`),
      loader: 'ts',
    }));
  },
};

// Within the package, where the built program finds what belongs to it.
const folder = mkdtempSync(path.join(REPOSITORY, 'server/dist/bench-'));
try {
  await build({
    entryPoints: { bench: entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    external: ['pkcs11js', 'esbuild'],
    outExtension: { '.js': '.mjs' },
    plugins: [whereTheyWere],
    banner: {
      js: "import { createRequire as idacRequire } from 'node:module'; const require = idacRequire(import.meta.url);",
    },
  });
  const { status } = spawnSync(process.execPath, [path.join(folder, 'bench.mjs'), ...args], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
