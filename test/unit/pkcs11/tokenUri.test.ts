import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTokenUri, type TokenUri, writeTokenUri } from '../../../server/src/backends/pkcs11/pkcs11Uri.ts';

function why(text: string): string {
  const read = readTokenUri(text);
  assert.ok(!read.ok, `${text} is taken`);
  return read.why;
}

describe('PKCS #11 URIs', () => {
  it('name token and module, percent-encoded, in any order', () => {
    assert.deepEqual(
      readTokenUri('pkcs11:serial=74a0;token=The%20Software%20PKCS%2311?module-name=softhsm2'),
      {
        ok: true,
        uri: { label: 'The Software PKCS#11', serial: '74a0', moduleName: 'softhsm2' },
      },
    );
    assert.deepEqual(readTokenUri('PKCS11:manufacturer=Snake%20Oil,%20Inc.;model=1.0'), {
      ok: true,
      uri: { manufacturer: 'Snake Oil, Inc.', model: '1.0' },
    });
  });

  for (const [text, words] of [
    ['pkcs11:token=a?pin-value=1234', /pin-value= is a secret/],
    ['pkcs11:token=a?pin-source=file:/etc/pin', /pin-source= is not followed/],
    ['pkcs11:token=a?module-path=/tmp/evil.so', /module-path= is not followed/],
    ['pkcs11:token=a;slot-id=0', /slot-id= is a number that changes/],
    ['pkcs11:token=a;object=key', /object= names one key/],
    ['pkcs11:token=a;token=b', /token stands there twice/],
    ['pkcs11:token=a?module-name=b?module-name=c', /more than one \?/],
    ['pkcs11:token=%ff', /not percent-encoded/],
    ['pkcs11:token=a b', /not percent-encoded/],
    ['pkcs11:token', /no attribute/],
    ['pkcs11:x-vendor=a', /"x-vendor" is no attribute/],
    ['pkcs11:module-name=a', /"module-name" is no attribute/],
    ['pkcs11:__proto__=a', /"__proto__" is no attribute/],
    ['file:/etc/passwd', /does not start with pkcs11:/],
  ] as const) {
    it(`refuse ${text}`, () => assert.match(why(text), words));
  }

  it('say nothing of the PIN that they should not hold', () => {
    assert.doesNotMatch(why('pkcs11:token=a?pin-value=hunter2'), /hunter2/);
  });

  it('are read back as they were written', () => {
    const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    const names = ['label', 'serial', 'manufacturer', 'model', 'moduleName'] as const;
    const uri = fc.record(Object.fromEntries(names.map((name) => [name, text])), {
      requiredKeys: [],
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(uri, (value: TokenUri) => {
        const written = writeTokenUri(value);
        fc.pre(written.length <= 1000);
        assert.deepEqual(readTokenUri(written), { ok: true, uri: value });
      }),
    );
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void readTokenUri(`pkcs11:${text}`)));
  });
});
