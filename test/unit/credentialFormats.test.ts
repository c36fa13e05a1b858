import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, ECDH, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodePem } from '../../server/src/core/credential/pem.ts';
import { ecSpkiOf, keyAlgorithmOf, normalizeSpki } from '../../server/src/core/credential/spki.ts';
import { Secret } from '../../server/src/core/secret.ts';
import {
  type CredentialFolder,
  credentialFolder,
  inspect,
  itemsOf,
  rulesOf,
} from '../support/credentialFiles.ts';
import { hasProgram, needs } from '../support/needs.ts';

describe('inspect, format by format', function () {
  this.timeout(120_000);
  let folder: CredentialFolder;
  let spki: string;
  const password = `p ${crypto.randomUUID()}`;
  const openssl = (line: string, input?: string | Uint8Array): string =>
    folder.run('openssl', line.split(' '), input);
  const one = async (name: string, options = {}) => {
    const { items } = await inspect([folder.at(name)], options);
    assert.equal(items.length, 1, `${name}: ${JSON.stringify(items.map(({ type }) => type))}`);
    const [item] = items;
    assert.ok(item);
    return item;
  };

  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    folder = credentialFolder();
    folder.write(
      'request.cnf',
      '[req]\nprompt=no\ndistinguished_name=dn\n[dn]\nCN=api.example\nO=Acme, Inc + Co\n[v3]\nsubjectAltName=DNS:api.example,IP:10.0.0.1,IP:2001:db8::1,URI:spiffe://acme/api,email:ops@acme.example\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,1.2.3.4\nbasicConstraints=CA:FALSE\n1.2.3.4.5=ASN1:UTF8String:ours\n',
    );
    openssl('genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem');
    openssl('req -new -x509 -key key.pem -config request.cnf -extensions v3 -days 30 -out leaf.pem');
    spki = openssl('pkey -in key.pem -pubout -outform der -out key.spki') || '';
    spki = folder.run('openssl', ['dgst', '-sha256', '-r', 'key.spki']).slice(0, 64);
  });
  after(() => folder?.remove());

  it('gives names, usages and raw extensions of a certificate', async () => {
    const item = await one('leaf.pem');
    assert.equal(item.subject, 'O=Acme\\, Inc \\+ Co,CN=api.example');
    assert.deepEqual(
      item.subjectAltNames.map(({ kind, value }) => `${kind}:${value}`),
      ['dns:api.example', 'ip:10.0.0.1', 'ip:2001:db8::1', 'uri:spiffe://acme/api', 'email:ops@acme.example'],
    );
    assert.deepEqual(item.keyUsages, ['digitalSignature']);
    assert.deepEqual(item.extendedKeyUsages, ['serverAuth', '1.2.3.4']);
    assert.equal(item.certificateAuthority, false);
    assert.equal(item.daysLeft, 29);
    assert.deepEqual(
      item.extensions.find(({ oid }) => oid === '1.2.3.4.5'),
      {
        oid: '1.2.3.4.5',
        name: null,
        critical: false,
        value: `0c04${Buffer.from('ours').toString('hex')}`,
      },
    );
    assert.deepEqual(rulesOf([item]), []);
  });

  it('finds one key in every wrapping', async () => {
    openssl('x509 -in leaf.pem -outform der -out leaf.der');
    openssl('crl2pkcs7 -nocrl -certfile leaf.pem -out leaf.p7b');
    openssl('crl2pkcs7 -nocrl -certfile leaf.pem -outform der -out leaf.p7c');
    openssl('req -new -key key.pem -config request.cnf -out leaf.csr');
    openssl('pkey -in key.pem -outform der -out key.der');
    openssl('ec -in key.pem -out sec1.pem');
    openssl('pkey -in key.pem -pubout -out public.pem');
    openssl('ec -in key.pem -pubout -conv_form compressed -out compressed.pem');
    openssl('x509 -in leaf.pem -trustout -addtrust serverAuth -out trusted.pem');
    const key = createPrivateKey(readFileSync(folder.at('key.pem')));
    folder.write('private.jwk', JSON.stringify(key.export({ format: 'jwk' })));
    folder.write('set.jwks', JSON.stringify({ keys: [createPublicKey(key).export({ format: 'jwk' })] }));
    const text = readFileSync(folder.at('leaf.pem'), 'utf8');
    folder.write('bom-crlf.pem', `\uFEFF${text.replaceAll('\n', '\r\n')}`);
    folder.write('utf16.pem', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
    folder.write('old-mac.pem', text.replaceAll('\n', '\r'));
    folder.write('indented.yaml', `data:\n  tls: |\n${text.replace(/^/gm, '    ')}`);
    folder.write(
      'bare.txt',
      decodePem(text)[0] ? Buffer.from(decodePem(text)[0]?.bytes ?? []).toString('base64') : '',
    );
    const names = [
      'leaf.der',
      'leaf.p7b',
      'leaf.p7c',
      'leaf.csr',
      'key.der',
      'sec1.pem',
      'public.pem',
      'compressed.pem',
    ];
    names.push(
      'trusted.pem',
      'private.jwk',
      'set.jwks',
      'bom-crlf.pem',
      'utf16.pem',
      'old-mac.pem',
      'indented.yaml',
      'bare.txt',
    );
    for (const name of names) {
      const item = await one(name);
      assert.equal(item.spkiSha256, spki, name);
      assert.equal(item.keyAlgorithm, 'ECDSA-P256', name);
      assert.deepEqual(
        rulesOf([item]).filter((rule) => rule !== 'key/private-in-file'),
        [],
        name,
      );
      assert.equal(rulesOf([item]).includes('key/private-in-file'), item.private, name);
    }
    const { shared } = await inspect(names.map((name) => folder.at(name)));
    assert.deepEqual(
      shared.map((each) => [each.spkiSha256, each.files.length]),
      [[spki, names.length]],
    );
  });

  it('reads several blocks with text between them, and a chain with its key', async () => {
    const [leaf, key] = ['leaf.pem', 'key.pem'].map((name) => readFileSync(folder.at(name), 'utf8'));
    const { items } = await inspect([
      { path: 'all.pem', bytes: Buffer.from(`subject=me\n${leaf}\nnotes: none\n${key}\n${leaf}`) },
    ]);
    assert.deepEqual(
      items.map(({ type }) => type),
      ['certificate', 'private-key', 'certificate'],
    );
    assert.deepEqual(rulesOf(items), ['key/private-in-file']);
  });

  it('reads several certificates in DER behind each other, and reports what else follows', async () => {
    const der = readFileSync(folder.at('leaf.der'));
    const two = await itemsOf(Buffer.concat([der, der]), 'two.cer');
    assert.deepEqual(
      two.map(({ spkiSha256, findings }) => [spkiSha256, findings.length]),
      [
        [spki, 0],
        [spki, 0],
      ],
    );
    const [more] = await itemsOf(Buffer.concat([der, Buffer.from('more')]), 'more.cer');
    assert.match(more?.findings[0]?.message ?? '', /4 octets follow its end/);
    assert.equal(more?.fingerprintSha256, two[0]?.fingerprintSha256);
  });

  it('tells a key that is not of the certificate beside it', async () => {
    openssl('genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.pem');
    const [leaf, other] = ['leaf.pem', 'other.pem'].map((name) => readFileSync(folder.at(name), 'utf8'));
    const items = await itemsOf(`${leaf}${other}`);
    const finding = items.flatMap(({ findings }) => findings).find(({ rule }) => rule === 'key/mismatch');
    assert.ok(finding);
    assert.equal(finding.range.start.line, leaf?.trimEnd().split('\n').length);
    assert.equal(finding.related.length, 1);
  });

  it('tells two certificates with one key', async () => {
    openssl('req -new -x509 -key key.pem -subj /CN=second -days 30 -out second.pem');
    const { items } = await inspect([folder.at('leaf.pem'), folder.at('second.pem')]);
    assert.deepEqual(rulesOf(items), ['key/shared', 'key/shared']);
  });

  it('checks that a request is signed by its own key', async () => {
    assert.equal((await one('leaf.csr')).selfSignature, 'good');
    const [block] = decodePem(readFileSync(folder.at('leaf.csr'), 'utf8'));
    assert.ok(block);
    const changed = Uint8Array.from(block.bytes);
    const at = Buffer.from(changed).indexOf('api.example');
    changed[at] = 'b'.charCodeAt(0);
    const [item] = await itemsOf(changed);
    assert.equal(item?.selfSignature, 'bad');
    assert.ok(rulesOf(item ? [item] : []).includes('request/bad-signature'));
  });

  it('knows each key algorithm, and finds the public half of keys that do not carry it', async () => {
    const kinds: readonly (readonly [string, string])[] = [
      ['-algorithm RSA -pkeyopt rsa_keygen_bits:2048', 'RSA-2048'],
      ['-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048', 'RSASSA-PSS-2048'],
      ['-algorithm EC -pkeyopt ec_paramgen_curve:P-384', 'ECDSA-P384'],
      ['-algorithm EC -pkeyopt ec_paramgen_curve:P-521', 'ECDSA-P521'],
      ['-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1', 'ECDSA-secp256k1'],
      ['-algorithm ED25519', 'Ed25519'],
      ['-algorithm ED448', 'Ed448'],
      ['-algorithm X25519', 'X25519'],
    ];
    for (const [options, name] of kinds) {
      openssl(`genpkey ${options} -out kind.pem`);
      openssl('pkey -in kind.pem -pubout -outform der -out kind.spki');
      const item = await one('kind.pem');
      assert.equal(item.keyAlgorithm, name);
      assert.equal(
        item.spkiSha256,
        folder.run('openssl', ['dgst', '-sha256', '-r', 'kind.spki']).slice(0, 64),
        name,
      );
    }
  });

  it('brings compressed points to the one form, on every curve', () => {
    const curves = [
      ['prime256v1', '1.2.840.10045.3.1.7', 65],
      ['secp384r1', '1.3.132.0.34', 97],
      ['secp521r1', '1.3.132.0.35', 133],
      ['secp256k1', '1.3.132.0.10', 65],
    ] as const;
    for (const [curve, oid, length] of curves) {
      for (let round = 0; round < 8; round++) {
        const der = generateKeyPairSync('ec', { namedCurve: curve }).publicKey.export({
          type: 'spki',
          format: 'der',
        });
        for (const form of ['compressed', 'hybrid'] as const) {
          const point = ECDH.convertKey(der.subarray(-length), curve, undefined, undefined, form);
          assert.deepEqual(Buffer.from(ecSpkiOf(oid, Buffer.from(point)) ?? []), der, `${curve} ${form}`);
        }
        assert.deepEqual(Buffer.from(normalizeSpki(der) ?? []), der);
      }
    }
    assert.equal(keyAlgorithmOf(Buffer.from('no key')), undefined);
  });

  describe('under a password', () => {
    const secret = new Secret(password);
    before(() => {
      folder.run('openssl', [
        'pkcs12',
        '-export',
        '-in',
        'leaf.pem',
        '-inkey',
        'key.pem',
        '-name',
        'the api',
        '-passout',
        `pass:${password}`,
        '-out',
        'new.p12',
      ]);
      folder.run('openssl', [
        'pkcs12',
        '-export',
        '-in',
        'leaf.pem',
        '-inkey',
        'key.pem',
        '-passout',
        'pass:',
        '-out',
        'empty.p12',
      ]);
      folder.run('openssl', [
        'pkcs8',
        '-topk8',
        '-in',
        'key.pem',
        '-passout',
        `pass:${password}`,
        '-out',
        'pbkdf2.key',
      ]);
      folder.run('openssl', [
        'pkcs8',
        '-topk8',
        '-in',
        'key.pem',
        '-scrypt',
        '-passout',
        `pass:${password}`,
        '-out',
        'scrypt.key',
      ]);
      folder.run('openssl', [
        'ec',
        '-in',
        'key.pem',
        '-aes128',
        '-passout',
        `pass:${password}`,
        '-out',
        'old.key',
      ]);
    });

    for (const [name, args] of [
      ['AES and PBKDF2', []],
      ['RC2-40 and 3DES', ['-legacy']],
      ['RC2-128', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128']],
      ['3DES with two keys', ['-legacy', '-certpbe', 'PBE-SHA1-2DES']],
      ['no encryption', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
      ['no MAC', ['-nomac']],
      ['SHA-512 in the MAC', ['-macalg', 'sha512']],
    ] as const) {
      it(`opens PKCS#12 with ${name}`, async () => {
        folder.run('openssl', [
          'pkcs12',
          '-export',
          '-in',
          'leaf.pem',
          '-inkey',
          'key.pem',
          '-name',
          'the api',
          '-passout',
          `pass:${password}`,
          '-out',
          'some.p12',
          ...args,
        ]);
        const { items } = await inspect([folder.at('some.p12')], { password: secret });
        assert.deepEqual(
          items.map(({ type, spkiSha256, label }) => [type, spkiSha256, label]),
          [
            ['certificate', spki, 'the api'],
            ['private-key', spki, 'the api'],
          ],
        );
        assert.deepEqual(rulesOf(items), args.includes('NONE' as never) ? ['key/private-in-file'] : []);
      });
    }

    it('tries the empty password without being told', async () => {
      const { items } = await inspect([folder.at('empty.p12')]);
      assert.deepEqual(
        items.map(({ spkiSha256 }) => spkiSha256),
        [spki, spki],
      );
    });

    it('says what stays locked, and how it is encrypted', async () => {
      for (const [options, types, rules] of [
        [{}, ['private-key', 'encrypted'], ['credential/locked', 'credential/locked']],
        [
          { password: new Secret('wrong') },
          ['private-key', 'encrypted', 'container'],
          ['credential/locked', 'credential/locked', 'credential/bad-mac'],
        ],
      ] as const) {
        const { items } = await inspect([folder.at('new.p12')], options);
        assert.deepEqual(
          items.map(({ type }) => type),
          types,
        );
        assert.ok(items.some(({ encryption }) => encryption?.startsWith('AES-256-CBC, PBKDF2 with SHA-256')));
        assert.deepEqual(rulesOf(items), rules);
      }
    });

    it('sees that a PKCS#12 file was changed', async () => {
      const bytes = readFileSync(folder.at('new.p12'));
      const at = bytes.length >> 1;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      assert.ok(rulesOf(await itemsOf(bytes, 'changed.p12', { password: secret })).length > 0);
    });

    it('opens PKCS#8 keys, and says of all keys that they are encrypted', async () => {
      for (const name of ['pbkdf2.key', 'scrypt.key']) {
        const open = await one(name, { password: secret });
        assert.deepEqual([open.spkiSha256, open.encrypted, rulesOf([open])], [spki, true, []]);
        const locked = await one(name);
        assert.deepEqual(
          [locked.spkiSha256, locked.encrypted, rulesOf([locked])],
          [null, true, ['credential/locked']],
        );
      }
      const old = await one('old.key', { password: secret });
      assert.deepEqual(
        [old.encrypted, old.encryption?.slice(0, 11), rulesOf([old])],
        [true, 'AES-128-CBC', ['credential/locked']],
      );
    });

    it('never gives private material or the password away', async () => {
      const names = [
        'new.p12',
        'pbkdf2.key',
        'scrypt.key',
        'old.key',
        'key.pem',
        'key.der',
        'sec1.pem',
        'private.jwk',
      ];
      const report = JSON.stringify(
        await inspect(
          names.map((name) => folder.at(name)),
          { password: secret },
        ),
      );
      const { d } = createPrivateKey(readFileSync(folder.at('key.pem'))).export({ format: 'jwk' });
      assert.ok(typeof d === 'string');
      const number = Buffer.from(d, 'base64url');
      for (const form of [d, number.toString('base64'), number.toString('hex'), password]) {
        assert.equal(report.includes(form), false);
      }
    });
  });

  it('reads a CRL with its number, dates and reasons', async () => {
    folder.write(
      'ca.cnf',
      '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=7\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n',
    );
    folder.write(
      'index.txt',
      'R\t301231235959Z\t261101120000Z,keyCompromise\t0A01\tunknown\t/CN=a\nR\t301231235959Z\t261102120000Z\t0B\tunknown\t/CN=b\n',
    );
    folder.write('crlnumber', '1F\n');
    openssl('req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem -subj /CN=CA -days 9');
    openssl('ca -gencrl -config ca.cnf -cert ca.pem -keyfile ca.key -out list.pem');
    openssl('crl -in list.pem -outform der -out list.crl');
    for (const name of ['list.pem', 'list.crl']) {
      const item = await one(name);
      assert.deepEqual(
        [item.type, item.issuer, item.revocationList?.number, item.daysLeft],
        ['crl', 'CN=CA', '1f', 6],
      );
      assert.deepEqual(item.revocationList?.entries, [
        { serialNumber: '0b', revokedAt: '2026-11-02T12:00:00.000Z', reason: null },
        { serialNumber: '0a01', revokedAt: '2026-11-01T12:00:00.000Z', reason: 'keyCompromise' },
      ]);
      assert.deepEqual(rulesOf([item]), []);
    }
    const later = await inspect([folder.at('list.crl')], { now: new Date(Date.now() + 8 * 864e5) });
    assert.deepEqual(rulesOf(later.items), ['crl/out-of-date']);
  });

  it('goes by the clock it is given', async () => {
    const at = async (days: number) =>
      rulesOf((await inspect([folder.at('leaf.pem')], { now: new Date(Date.now() + days * 864e5) })).items);
    assert.deepEqual(await at(31), ['certificate/expired']);
    assert.deepEqual(await at(-1), ['certificate/not-yet-valid']);
  });
});
