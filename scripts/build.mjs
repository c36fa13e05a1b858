// Bundles the programs: the extension (CommonJS, as VS Code loads it), the engine's two faces, the command line and the
// language server, which share their code in chunks so that each loads only what it uses, and the process that loads
// PKCS#11 drivers. Each folder of client/src/webview with a main.ts becomes a page: one script and one style sheet.

import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { noticesOf } from './thirdParty.mjs';
import { buildTiers } from './tiers.mjs';
import { vscodeOnce } from './vscodeOnce.mjs';

const watch = process.argv.includes('--watch');
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  sourcemap: 'linked',
  legalComments: 'none',
  metafile: true,
};

rmSync('server/dist', { recursive: true, force: true });
rmSync('client/dist', { recursive: true, force: true });

const engine = {
  minifyWhitespace: true,
  minifySyntax: true,
  ...common,
  entryPoints: {
    idac: 'server/src/cli/main.ts',
    server: 'server/src/lsp/main.ts',
    pkcs11Host: 'server/src/backends/pkcs11/host/main.ts',
    weakKeys: 'server/src/app/weakKeys/worker.ts',
    scanThread: 'server/src/app/scan/scanThread.ts',
  },
  outdir: 'server/dist',
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  // Native, and optional: it is loaded where it is installed, by the process of the driver alone.
  external: ['pkcs11js'],
  // Some dependencies are CommonJS and call require at run time.
  banner: {
    js: "import { createRequire as idacRequire } from 'node:module'; const require = idacRequire(import.meta.url);",
  },
};
/** What every command starts with; what nearly all go on with; and what scans files, of which most that read credentials use much. */
const TIERS = {
  start: [
    'app/projectRoot',
    'app/shortRun',
    'app/version',
    'cli/failOn',
    'cli/operandPath',
    'cli/output/findingsJson',
    'cli/output/findingsText',
    'cli/output/github',
    'cli/output/json',
    'cli/output/sarif',
    'cli/output/skippedText',
    'cli/run',
    'cli/sharedOptions',
    'cli/signals',
    'cli/terminal',
  ],
  common: [
    'app/workspaceFiles',
    'app/workspaceText',
    'core/credential/base64',
    'core/credential/charset',
    'core/credential/octets',
    'core/credential/problem',
    'core/identity/certManager',
    'core/manifest/fileName',
    'core/manifest/path',
    'core/secret',
    'core/text/quote',
    'core/text/relativePath',
    'platform/crypto/hasher',
    'platform/crypto/randomSource',
    'platform/disk/atomicFile',
    'platform/disk/stateFolder',
    'platform/disk/userState',
  ],
  scanner: [
    'app/scan/keyKnowledge',
    'app/scan/sameValues',
    'app/scan/saysOfIdentities',
    'app/scan/scanTree',
    'app/scan/sharedKeysOf',
    'app/scan/withHolders',
    'app/weakKeys/weakSightings',
    'app/weakKeys/withWeakHolders',
    'app/weakKeys/withoutPublished',
  ],
};
// Loaded at once when the first such key is met, which a module cannot be.
const postQuantum = {
  ...common,
  entryPoints: { postQuantum: 'server/src/platform/postQuantum/library.ts' },
  outdir: 'server/dist',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
};
const client = {
  ...common,
  entryPoints: { extension: 'client/src/extension.ts' },
  outdir: 'client/dist',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  plugins: [vscodeOnce('client/src')],
  minify: !watch,
};
const web = {
  ...common,
  // VS Code wants this name to end so.
  entryPoints: { extension: 'client/src/web/extension.ts' },
  outdir: 'client/dist/web',
  platform: 'browser',
  target: 'es2022',
  format: 'cjs',
  plugins: [vscodeOnce('client/src')],
};
const pages = {
  ...common,
  entryPoints: Object.fromEntries(
    readdirSync('client/src/webview')
      .map((name) => [name, `client/src/webview/${name}/main.ts`])
      .filter(([, main]) => existsSync(main)),
  ),
  outdir: 'client/dist/webview',
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  minify: !watch,
  sourcemap: watch ? 'inline' : false,
};

if (watch) {
  const { context } = await import('esbuild');
  for (const options of [engine, postQuantum, client, web, pages]) await (await context(options)).watch();
} else {
  const plugin = await buildTiers(TIERS, { ...engine, entryPoints: undefined, splitting: false });
  const [ofEngine, ofPostQuantum, ...ofClient] = await Promise.all(
    [{ ...engine, plugins: [plugin] }, postQuantum, client, web, pages].map(build),
  );
  // What ships names whose work is in it.
  writeFileSync('server/dist/THIRD-PARTY-NOTICES.txt', noticesOf([ofEngine, ofPostQuantum]));
  writeFileSync('client/dist/THIRD-PARTY-NOTICES.txt', noticesOf(ofClient));
  // The pages that findings link to ship with the program.
  cpSync('docs/rules', 'server/dist/rules', { recursive: true });
  // Packs of policies ship as they are written, so that a finding leads to the line.
  cpSync('packs', 'server/dist/packs', { recursive: true });
}
