import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NativeModules } from '../../../server/src/backends/contract.ts';
import { openNativeModules } from '../../../server/src/platform/modules/nativeModules.ts';
import { rejectsWith } from '../../backends/contract/expectations.ts';

describe('modules that this machine allows', () => {
  let folder: string;
  let system: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'idac-modules-'));
    system = path.join(folder, 'system');
    mkdirSync(system);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (variable?: string, configured?: Readonly<Record<string, unknown>>) =>
    openNativeModules({
      configured,
      env: { IDAC_PKCS11_MODULES: variable },
      stateHome: folder,
      systemFolders: [path.join(folder, 'missing'), system],
    });
  const userFile = (text: string) => writeFileSync(path.join(folder, 'pkcs11-modules.json'), text);

  const found = async (modules: NativeModules, wanted: string) => {
    const { name, file, source } = (await modules.find(wanted)) ?? {};
    return { name, file, source };
  };

  it('are none where nobody configured any', async () => {
    assert.deepEqual(await open().names(), []);
    assert.equal(await open().find('softhsm2'), undefined);
    assert.equal(await open().find('/usr/lib/softhsm/libsofthsm2.so'), undefined);
  });

  it('come from the variable before the file', async () => {
    userFile('{ "one": "/file/one.so", "two": "/file/two.so" }');
    const modules = open(['one=/variable/one=1.so', ' three=/variable/three.so '].join(path.delimiter));
    assert.deepEqual(await modules.names(), ['one', 'three', 'two']);
    assert.deepEqual(await found(modules, 'one'), {
      name: 'one',
      file: '/variable/one=1.so',
      source: 'IDAC_PKCS11_MODULES',
    });
    assert.equal((await modules.find('two'))?.file, '/file/two.so');
  });

  it('come from the editor before all others, and are checked as they are', async () => {
    userFile('{ "two": "/file/two.so" }');
    const modules = open('one=/variable/one.so', { one: '/setting/one.so' });
    assert.deepEqual(await modules.names(), ['one', 'two']);
    assert.deepEqual(await found(modules, 'one'), {
      name: 'one',
      file: '/setting/one.so',
      source: 'idac.pkcs11.modules',
    });
    for (const configured of [{ one: 'lib/one.so' }, { one: 1 }, { ONE: '/one.so' }])
      await rejectsWith('invalid-request', open(undefined, configured).names());
  });

  it('of the system count where root alone can change what names them', async () => {
    const file = path.join(system, 'vendor.module');
    writeFileSync(file, '# a comment\nmodule: /usr/lib/vendor.so\ncritical: no\n', { mode: 0o644 });
    const isRoot = process.getuid?.() === 0;
    assert.equal((await open().find('vendor'))?.file, isRoot ? '/usr/lib/vendor.so' : undefined);
    chmodSync(file, 0o666);
    assert.equal(await open().find('vendor'), undefined);
    if (!isRoot) return;
    chmodSync(file, 0o644);
    chownSync(file, 1000, 1000);
    assert.equal(await open().find('vendor'), undefined);
  });

  it('are refused with the reason where they are named wrongly', async () => {
    for (const variable of ['one', 'one=lib/one.so', 'ONE=/one.so', '=/one.so'])
      await rejectsWith('invalid-request', open(variable).names());
    for (const text of ['no JSON', '[]', '{ "one": 1 }', '{ "one": "./one.so" }']) {
      userFile(text);
      await rejectsWith('invalid-request', open().names());
    }
  });
});
