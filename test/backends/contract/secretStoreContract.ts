import assert from 'node:assert/strict';
import type { SecretStore } from '../../../server/src/backends/contract.ts';
import { Secret } from '../../../server/src/core/secret.ts';
import { honoursAbort, type OpenBackend, type OpenedBackend, present, rejectsWith } from './expectations.ts';
import { SIGNAL } from './requests.ts';

const bytes = (text: string): Secret<Uint8Array> => new Secret<Uint8Array>(new TextEncoder().encode(text));

/** What every secret store holds. */
export function secretStoreContract(open: OpenBackend): void {
  describe('as secret store', () => {
    let opened: OpenedBackend;
    let secrets: SecretStore;
    before(async () => {
      opened = await open();
      secrets = present(opened.backend.secrets, 'secrets');
    });
    after(() => opened.cleanup());

    const textOf = async (path: string): Promise<string | undefined> => {
      const found = await secrets.read(path, SIGNAL);
      return found && new TextDecoder().decode(found.value.reveal());
    };

    it('writes only over the version that the writer saw', async () => {
      assert.equal(await secrets.read('team/app', SIGNAL), undefined);
      await rejectsWith('conflict', secrets.write('team/app', bytes('a'), { ifVersion: '1' }, SIGNAL));
      const first = await secrets.write('team/app', bytes('a'), { ifVersion: null }, SIGNAL);
      await rejectsWith('conflict', secrets.write('team/app', bytes('b'), { ifVersion: null }, SIGNAL));
      const second = await secrets.write('team/app', bytes('b'), { ifVersion: first.version }, SIGNAL);
      assert.notEqual(second.version, first.version);
      await rejectsWith(
        'conflict',
        secrets.write('team/app', bytes('c'), { ifVersion: first.version }, SIGNAL),
      );
      assert.equal(await textOf('team/app'), 'b');
      assert.equal((await secrets.read('team/app', SIGNAL))?.version, second.version);
    });

    it('lets one of many writers win', async () => {
      const writes = Array.from({ length: 8 }, (_, n) =>
        secrets.write('team/race', bytes(`writer ${n}`), { ifVersion: null }, SIGNAL).then(() => n),
      );
      const settled = await Promise.allSettled(writes);
      const winners = settled.filter((each) => each.status === 'fulfilled');
      assert.equal(winners.length, 1);
      assert.equal(await textOf('team/race'), `writer ${winners[0]?.value}`);
    });

    it('keeps bytes as they are', async () => {
      const all = Uint8Array.from({ length: 256 }, (_, octet) => octet);
      await secrets.write('team/bytes', new Secret<Uint8Array>(all), { ifVersion: null }, SIGNAL);
      const found = await secrets.read('team/bytes', SIGNAL);
      assert.deepEqual(new Uint8Array(present(found, 'it').value.reveal()), all);
    });

    it('destroys for good, and no version comes twice', async () => {
      const first = await secrets.write('team/gone', bytes('a'), { ifVersion: null }, SIGNAL);
      await secrets.destroy('team/gone', SIGNAL);
      await secrets.destroy('team/gone', SIGNAL);
      assert.equal(await secrets.read('team/gone', SIGNAL), undefined);
      const second = await secrets.write('team/gone', bytes('b'), { ifVersion: null }, SIGNAL);
      assert.notEqual(second.version, first.version);
      await rejectsWith(
        'conflict',
        secrets.write('team/gone', bytes('c'), { ifVersion: first.version }, SIGNAL),
      );
    });

    it('lists what is there, by folder', async () => {
      await secrets.write('listed/a', bytes('1'), { ifVersion: null }, SIGNAL);
      await secrets.write('listed/deep/b', bytes('2'), { ifVersion: null }, SIGNAL);
      await secrets.write('listed-not/c', bytes('3'), { ifVersion: null }, SIGNAL);
      assert.deepEqual(await secrets.list('listed', SIGNAL), ['listed/a', 'listed/deep/b']);
    });

    it('refuses paths that are none, and stops when it is aborted', async () => {
      for (const path of ['', '/absolute', 'a//b', '../up', 'a/../b', 'line\nbreak'])
        await rejectsWith('invalid-request', secrets.write(path, bytes('x'), { ifVersion: null }, SIGNAL));
      await honoursAbort((signal) => secrets.write('team/late', bytes('x'), { ifVersion: null }, signal));
      assert.equal(await secrets.read('team/late', SIGNAL), undefined);
      await honoursAbort((signal) => secrets.read('team/late', signal));
      await honoursAbort((signal) => secrets.destroy('team/late', signal));
      await honoursAbort((signal) => secrets.list('', signal));
    });
  });
}
