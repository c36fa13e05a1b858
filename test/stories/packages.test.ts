import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeToken, needsTokens, type TestToken } from '../backends/pkcs11Tokens.ts';
import { PATIENCE } from '../support/idac.ts';
import { needs } from '../support/needs.ts';
import { contentsOf, makePackages, type Packages, unpack } from '../support/packages.ts';
import { isInstalled } from '../vscode/host.mjs';
import { runVsCode } from '../vscode/runVsCode.ts';
import { copySamples } from '../vscode/sampleFolder.ts';

const MEGABYTE = 1_000_000;
const IN_PACKAGE = 'extension/';

describe('the package of the extension', function () {
  this.timeout(PATIENCE);
  let packages: Packages;
  let contents: ReadonlyMap<string, Buffer>;
  before(async () => {
    packages = makePackages();
    contents = await contentsOf(packages.universal);
  });
  after(() => packages?.remove());

  const text = (file: string): string => {
    const bytes = contents.get(`${IN_PACKAGE}${file}`);
    assert.ok(bytes, `${file} is in the package`);
    return bytes.toString('utf8');
  };

  it('is small', () => {
    for (const file of [packages.universal, packages.native ?? packages.universal, packages.npm]) {
      const size = statSync(file).size / MEGABYTE;
      console.log(`      ${path.basename(file)}: ${size.toFixed(2)} MB`);
      assert.ok(size < 4, `${file} has ${size} MB`);
    }
  });

  it('has whatever its manifest names, licence, changelog and the notices of all that is bundled', () => {
    const manifest: Record<string, unknown> = JSON.parse(text('package.json'));
    const named = filesNamedIn(manifest);
    assert.ok(named.includes('client/dist/extension.cjs') && named.includes('media/icon.png'), named.join());
    for (const file of named) text(file);
    assert.match(text('LICENSE.txt'), /MIT License/);
    assert.match(text('changelog.md'), /## 0\.1\.0/);
    assert.match(text('server/dist/THIRD-PARTY-NOTICES.txt'), /vscode-languageserver \d/);
    assert.match(text('client/dist/THIRD-PARTY-NOTICES.txt'), /vscode-languageclient \d/);
  });

  it('has nothing that only this repository needs', () => {
    const manifest: unknown = JSON.parse(text('package.json'));
    assert.ok(typeof manifest === 'object' && manifest !== null);
    for (const key of ['scripts', 'devDependencies', 'dependencies', 'workspaces', 'private', 'type'])
      assert.ok(!(key in manifest), key);
    const strange = [...contents.keys()].filter((file) =>
      /\.(ts|map|test\.\w+)$|node_modules|(^|\/)(test|src|samples|scripts)\//.test(file),
    );
    assert.deepEqual(strange, []);
  });

  it('has a page whose pictures are in it, and whose links lead somewhere', () => {
    const page = text('readme.md');
    const pictures = [...page.matchAll(/!\[([^\]]+)\]\(([^)]+)/g)];
    assert.ok(pictures.length > 1);
    for (const [, alternative = '', file = ''] of pictures) {
      assert.ok(alternative.length > 20, 'says what a picture shows');
      text(file);
    }
    for (const [, target = ''] of page.matchAll(/(?<!!)\[[^\]]*\]\(([^)]+)\)/g))
      assert.match(target, /^https:/);
  });

  it('names its pictures where the Marketplace can have them, when told where that is', async () => {
    const published = makePackages(['--images-at', 'https://example.com/idac/docs']);
    try {
      const files = await contentsOf(published.universal);
      const page = String(files.get(`${IN_PACKAGE}readme.md`));
      assert.match(page, /!\[[^\]]+\]\(https:\/\/example\.com\/idac\/docs\/images\/editor\.png\)/);
      assert.doesNotMatch(page, /!\[[^\]]+\]\((?!https:)/);
      assert.ok(![...files.keys()].some((file) => file.includes('docs/images')));
    } finally {
      published.remove();
    }
  });

  it('is one for every platform, and one for this platform with what loads PKCS#11 modules', async function () {
    assert.doesNotMatch(String(contents.get('extension.vsixmanifest')), /TargetPlatform/);
    needs(this, 'pkcs11js (a C++ compiler at `npm ci`)', packages.native !== undefined);
    const native = await contentsOf(packages.native ?? '');
    const [target] = /(?<=TargetPlatform=")[^"]+/.exec(String(native.get('extension.vsixmanifest'))) ?? [];
    assert.ok(path.basename(packages.native ?? '').includes(`-${target}-`));
    const more = [...native.keys()].filter((file) => !contents.has(file));
    const folder = 'extension/server/node_modules/pkcs11js/';
    assert.deepEqual(more.map((file) => file.replace(folder, '')).sort(), [
      'THIRD-PARTY-NOTICES.txt',
      'build/Release/pkcs11.node',
      'index.js',
      'package.json',
    ]);
    assert.deepEqual(
      [...contents.keys()].filter((file) => !native.has(file)),
      [],
    );
  });

  describe('installed in a real VS Code, from and in folders with spaces and letters of the world', function () {
    this.timeout(300_000);
    let token: TestToken;
    before(async function () {
      needs(this, 'a VS Code host (test/vscode/install)', isInstalled());
      needsTokens(this, 'softhsm');
      token = await makeToken('softhsm');
    });
    after(() => token?.remove());

    const smoke = async (vsix: string, native: boolean): Promise<void> => {
      const samples = copySamples("Fernweh & Söhne – l'entrepôt 貨物");
      try {
        writeFileSync(path.join(samples.root, 'expected.json'), JSON.stringify({ native, pin: token.pin }), {
          mode: 0o600,
        });
        writeFileSync(path.join(samples.workspace, 'hsm.identity.yaml'), keyInToken(token.label));
        const modules = JSON.stringify({ 'under-test': token.module });
        await runVsCode(
          samples,
          [
            '--vsix',
            vsix,
            '--ui',
            'test/vscode/ui/packaged.mjs',
            '--setting',
            `idac.pkcs11.modules=${modules}`,
          ],
          token.environment,
        );
      } finally {
        samples.remove();
      }
    };

    it('the one for this platform shows, issues, and makes a key in a token', async function () {
      needs(this, 'pkcs11js (a C++ compiler at `npm ci`)', packages.native !== undefined);
      await smoke(packages.native ?? '', true);
    });

    it('the one for every platform does the same, and says that it has no PKCS#11', () =>
      smoke(packages.universal, false));

    it('in a browser with no machine behind it, it says what it cannot do there', async () => {
      const samples = copySamples();
      try {
        const extension = path.join(samples.root, 'extension');
        await unpack(packages.universal, extension);
        await runVsCode(samples, ['--extension', extension, '--ui', 'test/vscode/ui/webOnly.mjs']);
      } finally {
        samples.remove();
      }
    });
  });
});

/** Every path below `./`, `client/` or `media/` that the manifest has as a value, wherever in it. */
function filesNamedIn(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    const [file] =
      /^(?:\.\/)?((?:client|media|server|schemas|l10n)\/[\w./-]+\.\w+)$/.exec(value)?.slice(1) ?? [];
    return file === undefined ? [] : [file];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(filesNamedIn) : [];
}

function keyInToken(label: string): string {
  return `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: hsm }
spec:
  type: pkcs11
  owner: { team: platform, contact: platform@fernweh.example }
  module: under-test
  token: { label: ${label} }
---
apiVersion: identity-as-code/v1
kind: Key
metadata: { name: signing, namespace: payments }
spec:
  owner: { team: payments, contact: payments@fernweh.example }
  consumers: [ledger]
  store: hsm
  algorithm: ECDSA-P256
  usages: [sign, verify]
  duration: 365d
`;
}
