/** One of several processes that use one store at once: issues, revokes every second one, asks for CRLs. */
import { X509Certificate } from 'node:crypto';
import { backendType } from '../../server/src/backends/local/backend.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { serialOf } from './contract/expectations.ts';
import { identity, newRequest, SIGNAL } from './contract/requests.ts';
import { contextAt } from './localContext.ts';

const [folder = '', keyHex = '', worker = '', count = '0'] = process.argv.slice(2);

async function main(): Promise<void> {
  const key = new Secret<Uint8Array>(new Uint8Array(Buffer.from(keyHex, 'hex')));
  const context = await contextAt(folder, { unlock: { how: 'key', key, keyName: 'test' } });
  const { authority } = await backendType.open({}, context, SIGNAL);
  if (authority?.crl === undefined) throw new Error('no authority');
  const issued: string[] = [];
  const revoked: string[] = [];
  const lists: string[] = [];
  for (let n = 0; n < Number(count); n++) {
    const { request } = await newRequest({ identity: identity('shared'), machine: `${worker}-${n}` });
    const outcome = await authority.issue(request, SIGNAL);
    if (outcome.state !== 'issued') throw new Error('not issued');
    const serial = serialOf(outcome.made.chain[0]);
    issued.push(serial);
    if (n % 2 === 0) {
      await authority.revoke(serial, 'superseded', SIGNAL);
      revoked.push(serial);
    }
    lists.push(Buffer.from(await authority.crl(SIGNAL)).toString('base64'));
  }
  const root = new X509Certificate((await authority.roots(SIGNAL))[0] ?? new Uint8Array());
  process.stdout.write(JSON.stringify({ issued, revoked, lists, root: root.fingerprint256 }));
}

await main();
