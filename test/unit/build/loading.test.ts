import assert from 'node:assert/strict';
import { build } from 'esbuild';

/** Packages that are loaded with the entry, before anything is imported on demand. */
async function packagesOf(entry: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    splitting: true,
    outdir: 'unused',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const packages = new Set<string>();
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { path, kind, external } of metafile.inputs[file]?.imports ?? []) {
      if (kind === 'dynamic-import') continue;
      if (external === true) packages.add(path);
      else open.push(path);
    }
  }
  return packages;
}

describe('the X.509 library', () => {
  it('is loaded by the local backend alone: not by a request, nor at the start of a program or a project', async () => {
    const local = 'server/src/backends/local/backend.ts';
    assert.ok((await packagesOf(local)).has('@peculiar/x509'), local);
    const others = ['lsp/main.ts', 'cli/main.ts', 'app/openProject.ts', 'app/inspect.ts'];
    for (const entry of [...others, 'core/credential/build/certificateRequest.ts']) {
      const packages = await packagesOf(`server/src/${entry}`);
      assert.ok(packages.size > 0, entry);
      assert.ok(!packages.has('@peculiar/x509') && !packages.has('reflect-metadata'), entry);
    }
  });
});
