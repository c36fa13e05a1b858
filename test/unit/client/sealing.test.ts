import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { sealForSession, sealLogin } from '../../../client/src/sealing.ts';

/** Opens as the protocol's page says (docs/lsp.md, Unlocking), with another crypto library than the one that sealed. */
function open(
  server: ReturnType<typeof createECDH>,
  message: { kind: string; keyName?: string; clientPublicKey: string; iv: string; sealed: string },
): Buffer {
  const clientPoint = Buffer.from(message.clientPublicKey, 'base64url');
  const salt = Buffer.concat([server.getPublicKey(), clientPoint]);
  const key = hkdfSync('sha256', server.computeSecret(clientPoint), salt, 'idac unlock v1', 32);
  const sealed = Buffer.from(message.sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(message.iv, 'base64url'));
  decipher.setAAD(Buffer.from(`${message.kind}\n${message.keyName ?? ''}`));
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

describe('client: sealing a secret to the session', () => {
  const server = createECDH('prime256v1');
  server.generateKeys();
  const publicKey = server.getPublicKey().toString('base64url');

  it('opens with the private key of the server', async () => {
    const bytes = new Uint8Array(randomBytes(32));
    const message = await sealForSession(publicKey, { kind: 'key', keyName: 'vscode-1', bytes });
    assert.deepEqual(open(server, message), Buffer.from(bytes));
  });

  it('seals a passphrase without a name', async () => {
    const bytes = new TextEncoder().encode('schöne Grüße 🙂');
    const message = await sealForSession(publicKey, { kind: 'passphrase', bytes });
    assert.equal(message.keyName, undefined);
    assert.equal(open(server, message).toString('utf8'), 'schöne Grüße 🙂');
  });

  it('shows nothing of the secret, and never seals twice the same', async () => {
    const bytes = new TextEncoder().encode('correct horse battery staple');
    const first = await sealForSession(publicKey, { kind: 'passphrase', bytes });
    const second = await sealForSession(publicKey, { kind: 'passphrase', bytes });
    assert.notEqual(first.sealed, second.sealed);
    assert.notEqual(first.clientPublicKey, second.clientPublicKey);
    assert.doesNotMatch(Buffer.from(first.sealed, 'base64url').toString('latin1'), /horse/);
  });

  it('seals the fields of a login to the question that asked for them', async () => {
    const message = await sealLogin(publicKey, 'question-1', { role_id: 'r', secret_id: 'ü🙂' });
    const clear = open(server, { kind: 'login', keyName: 'question-1', ...message });
    assert.deepEqual(JSON.parse(clear.toString('utf8')), { role_id: 'r', secret_id: 'ü🙂' });
    assert.throws(() => open(server, { kind: 'login', keyName: 'question-2', ...message }));
  });

  it('holds for its name and kind only', async () => {
    const bytes = new Uint8Array(randomBytes(32));
    const message = await sealForSession(publicKey, { kind: 'key', keyName: 'vscode-1', bytes });
    assert.throws(() => open(server, { ...message, keyName: 'vscode-2' }));
    assert.throws(() => open(server, { ...message, kind: 'passphrase' }));
  });

  it('refuses what is no point of the curve', async () => {
    const bytes = new Uint8Array(32);
    await assert.rejects(sealForSession('', { kind: 'passphrase', bytes }), /no P-256 key/);
    const offCurve = Buffer.alloc(65, 1);
    offCurve[0] = 4;
    await assert.rejects(sealForSession(offCurve.toString('base64url'), { kind: 'passphrase', bytes }));
  });
});
