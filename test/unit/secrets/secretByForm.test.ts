import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { opaqueToken } from '../../../server/src/core/credential/opaqueToken.ts';
import { secretByForm } from '../../../server/src/core/secrets/secretByForm.ts';
import { password, random } from './examples.ts';

describe('a value that says by itself what it is', () => {
  it('is known as a scan of files knows it', () => {
    assert.equal(secretByForm(['hvs', random(30)].join('.')), 'a service token of Vault');
    assert.equal(secretByForm(`token ${opaqueToken(randomBytes(32))}`), 'a token of a machine');
    assert.equal(
      secretByForm(`https://ada:${password()}@registry.corp.test/`),
      'a password in a URL (https)',
    );
  });

  it('is nothing else', () => {
    for (const value of [
      'checkout.shop.internal.example.com',
      'spiffe://prod.example.com/ns/shop/sa/checkout-7',
      'vaults.Example-Company-Holding-2.com',
      'https://vault.example.com:8200/v1/pki/issue/web-frontend-7',
      '',
    ])
      assert.equal(secretByForm(value), undefined, value);
  });
});
