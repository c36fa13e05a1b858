import assert from 'node:assert/strict';
import type { KeyHolder } from '../../server/src/app/scan/keyHolders.ts';
import { NO_KNOWLEDGE } from '../../server/src/app/scan/keyKnowledge.ts';
import type { ScannedFinding } from '../../server/src/app/scan/openScanner.ts';
import { withHolders } from '../../server/src/app/scan/withHolders.ts';

const KEY = 'ab'.repeat(32);
const holder = (name: string, standing: KeyHolder['standing'], copies: readonly string[]): KeyHolder => ({
  identity: { apiVersion: 'identity-as-code/v1', kind: 'Certificate', namespace: 'default', name },
  machine: null,
  standing,
  notAfter: '2030-01-01T00:00:00Z',
  owner: null,
  consumers: [],
  machines: [],
  copies,
  declaredAt: null,
  credentials: [],
});
const found = (file: string): ScannedFinding => ({
  finding: {
    rule: 'secret/private-key',
    severity: 'error',
    message: 'a private key is in the file',
    file,
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 9 } },
    related: [],
    fixes: [],
  },
  what: 'a private key',
  octets: { start: 0, end: 9 },
  said: 'a private key is in the file',
  spkiSha256: KEY,
});

describe('Findings on keys of identities', () => {
  it('name the identity that delivers the key to the file, not the first that has it', async () => {
    const [first, second] = await withHolders([found('b/tls.key'), found('a/tls.key')], {
      knowledge: {
        ...NO_KNOWLEDGE,
        holders: new Map([
          [KEY, [holder('a', 'inUse', ['a/tls.key']), holder('b', 'superseded', ['b/tls.key'])]],
        ]),
      },
      places: new Map(),
      now: new Date('2029-01-01T00:00:00Z'),
      scanned: '/p',
      project: '/p',
      standingOf: async () => 'none',
    });
    assert.equal(first?.identity?.name, 'b');
    assert.match(first?.message ?? '', /b delivers it/);
    assert.equal(second?.identity?.name, 'a');
    assert.match(second?.message ?? '', /a delivers it/);
  });
});
