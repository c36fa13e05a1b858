import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

describe('the identity of the scanner', () => {
  let root: string;
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'idac-scanner-'));
    for (const file of ['core/a', 'core/b', 'app/scan/c', 'platform/crypto/d', 'platform/gunzip'])
      write(`server/src/${file}.ts`, `// ${file}\n`);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is another one for each text, name and place of a text', async () => {
    const { generateScannerIdentity } = (await import('../../scripts/generate/rules.mjs' as string)) as {
      generateScannerIdentity(root: string): string;
    };
    const seen = [generateScannerIdentity(root)];
    assert.equal(generateScannerIdentity(root), seen[0]);
    const changed = (change: () => void): void => {
      change();
      const now = generateScannerIdentity(root);
      assert.ok(!seen.includes(now), String(change));
      seen.push(now);
    };
    changed(() => write('server/src/platform/gunzip.ts', '// other\n'));
    changed(() => write('server/src/core/a.ts', '// other\n'));
    changed(() =>
      renameSync(path.join(root, 'server/src/core/a.ts'), path.join(root, 'server/src/core/aa.ts')),
    );
    changed(() => {
      write('server/src/core/aa.ts', '');
      write('server/src/core/b.ts', '// other\n// core/b\n');
    });
  });
});
