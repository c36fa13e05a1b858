import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contentOf, fieldsIn } from '../../server/src/backends/vault/kv/fields.ts';
import { keyIdOf, keyNameOf } from '../../server/src/backends/vault/transit/keyName.ts';

describe('names of keys in the transit engine', () => {
  it('are what the engine takes, lead back to the id, and are never alike', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }), (keyId) => {
        const name = keyNameOf('idac-', keyId);
        assert.match(name, /^\w(?:[\w.-]*\w)?$/);
        assert.equal(keyIdOf('idac-', name), keyId);
      }),
    );
  });

  it('can be read for ids that we make', () => {
    assert.equal(keyNameOf('idac-', 'certificate/payments/api/01JX'), 'idac-certificate.payments.api.01JX');
    assert.equal(keyIdOf('idac-', 'idac-certificate.payments.api.01JX'), 'certificate/payments/api/01JX');
  });

  it('are none of ours in any other spelling', () => {
    for (const name of [
      'other',
      'idac-',
      'idac-a_',
      'idac-a_zz',
      'idac-a_41',
      'idac-.a',
      'idac-a.',
      'idac-_ff',
    ])
      assert.equal(keyIdOf('idac-', name), undefined, name);
  });
});

describe('snapshots of kv secrets', () => {
  it('give any fields back as they were', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.jsonValue())), (fields) => {
        const plain = JSON.parse(JSON.stringify(fields)) as Record<string, unknown>;
        assert.deepEqual({ ...fieldsIn(contentOf(plain)) }, { ...plain });
      }),
      { examples: [[JSON.parse('{"__proto__":[],"constructor":"x"}') as Record<string, never>]] },
    );
  });
});
