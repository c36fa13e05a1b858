/** Keys of standards are known by their public halves, as those documents have them. */
import assert from 'node:assert/strict';
import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';
import { PUBLISHED_KEYS } from '../../../server/src/core/keys/weak/publishedKeys.ts';
import { problemsOf } from '../../support/weakKeys.ts';

const STANDARDS: readonly (readonly [RegExp, JsonWebKey])[] = [
  [
    /RFC 8037, A\.1|RFC 8032, 7\.1 TEST 1/,
    { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  ],
  [
    /RFC 7515, A\.3/,
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  ],
  [
    /RFC 7517, A\.2/,
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    },
  ],
  [
    /RFC 9500, 2\.3 \(testECCP256\)/,
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'QiVI-I-3gv-17KN0RFLHKh5Vj71vc75eSOkyMsxFxbE',
      y: 'bEzRDEy41bihcTnpSILImSVymTQl9BQZq36QpCpJQnI',
    },
  ],
];

describe('keys whose private half is published', () => {
  it('are known, with the place of publication', () => {
    for (const [place, jwk] of STANDARDS) {
      const spki = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
      const hash = createHash('sha256').update(spki).digest('hex');
      const [problem, ...others] = problemsOf({ [hash]: spki }).get(hash) ?? [];
      assert.equal(problem?.rule.id, 'key/published');
      assert.match(problem?.message ?? '', place);
      assert.deepEqual(others, []);
    }
  });

  it('stand in a list of places and hashes, each once, and of nothing else', () => {
    const lines = PUBLISHED_KEYS.trim().split('\n');
    const hashes = lines.flatMap((line) => {
      const [, place, all] = /^([^\t]+)\t((?:[A-Za-z0-9_-]{20})+)$/.exec(line) ?? [];
      assert.ok(place !== undefined && all !== undefined, line);
      return all.match(/.{20}/g) ?? [];
    });
    assert.equal(new Set(hashes).size, hashes.length);
    assert.ok(hashes.length > 1000);
  });
});
