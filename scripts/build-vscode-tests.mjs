// Bundles the suite that runs inside VS Code's extension host (test/vscode/suite) into test/out/vscode/suite.cjs.
import { build } from 'esbuild';

await build({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  sourcemap: 'inline',
  // VS Code's own module is there in the host; mocha loads its reporters by name, so it stays a package.
  external: ['vscode', 'mocha'],
  entryPoints: { suite: 'test/vscode/suite/index.ts' },
  outdir: 'test/out/vscode',
  outExtension: { '.js': '.cjs' },
});
