/** Private keys in files of their own, in every container that tools write. */
import { draft, family, mark } from '../draft.ts';
import { certificate, certificatePem } from '../material/certificates.ts';
import { anyKey, dsaKey, ecKey, edKey, jwk, p256Key, pkcs1, pkcs8, rsaKey, sec1 } from '../material/keys.ts';
import * as pem from '../material/pem.ts';
import { pgpKeys } from '../material/pgp.ts';
import { ageKeys, cosignSecret, minisignSecret, wireguardKeys } from '../material/smallKeys.ts';
import { encryptedOpenSshKey, openSshKey, puttyKey, sshPublicLine } from '../material/ssh.ts';
import { jks, pkcs12 } from '../material/stores.ts';
import { host, ip, password, person, service } from '../words.ts';

export const PRIVATE_KEYS = family('private-key', {
  'pkcs1-pem': (r) => draft(`certs/${service(r)}.key`, mark(pem.pkcs1Pem(rsaKey(r)))),
  'sec1-pem': (r) => draft(`tls/${host(r)}.pem`, mark(pem.sec1Pem(ecKey(r)))),
  'sec1-pem-with-parameters': (r) => {
    const key = p256Key(r);
    const curve = Buffer.from('06082a8648ce3d030107', 'hex');
    return draft(`pki/${service(r)}-ec.pem`, `${pem.pem('EC PARAMETERS', curve)}${mark(pem.sec1Pem(key))}`);
  },
  'pkcs8-pem-rsa': (r) => draft(`ssl/${service(r)}-key.pem`, mark(pem.pkcs8Pem(rsaKey(r)))),
  'pkcs8-pem-ec': (r) => draft(`deploy/tls/${service(r)}.key`, mark(pem.pkcs8Pem(ecKey(r)))),
  'pkcs8-pem-ed25519': (r) => draft(`keys/${service(r)}-signing.pem`, mark(pem.pkcs8Pem(edKey(r)))),
  'pkcs8-pem-encrypted': (r) =>
    draft(`pki/${service(r)}-ca.key`, mark(pem.encryptedPkcs8Pem(anyKey(r), password(r), r))),
  'pkcs1-pem-encrypted': (r) =>
    draft(`ca/private/${service(r)}.pem`, mark(pem.legacyEncryptedPem(rsaKey(r), password(r), r))),
  'dsa-pem': (r) => draft(`legacy/${service(r)}_dsa`, mark(pem.dsaPem(dsaKey(r)))),
  'pem-with-windows-line-ends': (r) =>
    draft(`iis/${service(r)}.key`, mark(pem.anyPem(anyKey(r), r).replaceAll('\n', '\r\n'))),
  'pem-with-bag-attributes': (r) =>
    draft(
      `export/${service(r)}.pem`,
      `Bag Attributes\n    localKeyID: ${r.hex(8).toUpperCase()}\n    friendlyName: ${host(r)}\nKey Attributes: <No Attributes>\n${mark(pem.pkcs8Pem(anyKey(r)))}`,
    ),
  'pem-after-its-certificate': (r) => {
    const key = rsaKey(r);
    const name = host(r);
    return draft(
      `haproxy/certs/${name}.pem`,
      `${certificatePem(name, key, rsaKey(r), r)}${mark(pem.anyPem(key, r))}`,
    );
  },
  'two-pem-keys': (r) =>
    draft(
      `backup/keys-${r.day()}.txt`,
      `# old\n${mark(pem.anyPem(rsaKey(r), r))}# new\n${mark(pem.anyPem(ecKey(r), r))}`,
    ),
  openssh: (r) =>
    draft(
      `.ssh/${r.pick(['id_ed25519', 'id_rsa', 'deploy_key'])}`,
      mark(openSshKey(anyKey(r), `${person(r)}@${service(r)}`, r)),
    ),
  'openssh-encrypted': (r) =>
    draft(`ansible/files/id_${service(r)}`, mark(encryptedOpenSshKey(anyKey(r), r))),
  'ssh-host-key': (r) => {
    const key = edKey(r);
    return draft('image/etc/ssh/ssh_host_ed25519_key', mark(openSshKey(key, `root@${service(r)}`, r)));
  },
  'putty-v2': (r) => draft(`putty/${service(r)}.ppk`, mark(puttyKey(anyKey(r), r, { version: 2 }))),
  'putty-v3': (r) => draft(`tools/${service(r)}.ppk`, mark(puttyKey(anyKey(r), r, { version: 3 }))),
  'putty-encrypted': (r) =>
    draft(
      `tools/win/${service(r)}.ppk`,
      mark(puttyKey(anyKey(r), r, { version: r.pick([2, 3]), passphrase: password(r) })),
    ),
  pgp: (r) => {
    const who = person(r);
    return draft(`release/${who}-signing.asc`, mark(pgpKeys(`${who} <${who}@${host(r)}>`, r).secret));
  },
  jwk: (r) => {
    const { open, secret } = jwk(anyKey(r));
    return draft(
      `config/${service(r)}.jwk`,
      jwkText({ kid: r.base64url(8), use: 'sig', ...open }, secret, 2),
    );
  },
  'jwk-on-one-line': (r) => {
    const { open, secret } = jwk(anyKey(r));
    return draft(`keys/${service(r)}-jwk.json`, jwkText({ ...open, kid: r.base64url(6) }, secret));
  },
  jwks: (r) => {
    const first = jwk(rsaKey(r));
    const second = jwk(ecKey(r));
    const text = (each: typeof first): string => jwkText({ kid: r.uuid(), ...each.open }, each.secret, 2);
    const keys = [first, second].map((each) => text(each).trimEnd().replaceAll('\n', '\n    '));
    return draft(`oidc/jwks.json`, `{\n  "keys": [\n    ${keys.join(',\n    ')}\n  ]\n}\n`);
  },
  'jwk-symmetric': (r) =>
    draft(
      `oauth/hmac-${service(r)}.json`,
      `{ "kty": "oct", "alg": "HS256", "kid": "${r.uuid()}", "k": "${mark(r.base64url(32))}" }\n`,
    ),
  'der-pkcs8': (r) => draft(`firmware/${service(r)}.der`, pkcs8(anyKey(r))),
  'der-pkcs1': (r) => draft(`java/${service(r)}-private.der`, pkcs1(rsaKey(r))),
  'der-sec1': (r) => draft(`device/${service(r)}.key.der`, sec1(ecKey(r))),
  pkcs12: (r) => {
    const key = anyKey(r);
    const name = host(r);
    const store = pkcs12(key, certificate(name, key, rsaKey(r), r), password(r), r);
    return draft(`tls/${name}.${r.pick(['p12', 'pfx'])}`, store);
  },
  jks: (r) => {
    const key = rsaKey(r);
    const store = jks(key, certificate(host(r), key, key, r), password(r), r);
    return draft(`src/main/resources/${service(r)}.jks`, store);
  },
  age: (r) => {
    const { secret, open } = ageKeys(r);
    const when = `# created: ${r.day()}T09:12:44+02:00`;
    return draft(`secrets/${service(r)}-key.txt`, `${when}\n# public key: ${open}\n${mark(secret)}\n`);
  },
  wireguard: (r) => {
    const own = wireguardKeys(r);
    return draft(
      `wireguard/wg${r.below(4)}.conf`,
      `[Interface]\nAddress = ${ip(r)}/24\nListenPort = 51820\nPrivateKey = ${mark(own.secret)}\n\n[Peer]\nPublicKey = ${wireguardKeys(r).open}\nPresharedKey = ${mark(r.base64(32))}\nAllowedIPs = ${ip(r)}/32\nEndpoint = ${host(r)}:51820\n`,
    );
  },
  'wireguard-systemd': (r) =>
    draft(
      `network/99-wg${r.below(4)}.netdev`,
      `[NetDev]\nName=wg0\nKind=wireguard\n\n[WireGuard]\nPrivateKey=${mark(wireguardKeys(r).secret)}\nListenPort=51820\n\n[WireGuardPeer]\nPublicKey=${wireguardKeys(r).open}\nAllowedIPs=${ip(r)}/32\n`,
    ),
  minisign: (r) =>
    draft(
      `release/${service(r)}.minisign.key`,
      `untrusted comment: minisign encrypted ${'secret'} key\n${mark(minisignSecret(r))}\n`,
    ),
  cosign: (r) => draft(`signing/${service(r)}/cosign.key`, mark(cosignSecret(r))),
  'raw-ed25519-hex': (r) =>
    draft(
      `config/${service(r)}-node.toml`,
      `[node]\nid = "${r.hex(16)}"\nlisten = "${ip(r)}:7000"\nsigning_private_key = "${mark(r.hex(64))}"\n`,
    ),
  'key-beside-public-key': (r) => {
    const key = edKey(r);
    const comment = `${person(r)}@${host(r)}`;
    return draft(
      `docs/runbooks/${service(r)}.md`,
      `# Access\n\nThe host knows this key:\n\n    ${sshPublicLine(key, comment)}\n\nUse it with:\n\n\`\`\`\n${mark(openSshKey(key, comment, r))}\`\`\`\n`,
    );
  },
});

/** One mark over all private members, from the first to the last. */
function jwkText(open: object, secret: Readonly<Record<string, string>>, space?: number): string {
  const pairs = [...Object.entries(open), ...Object.entries(secret)];
  const first = Object.keys(open).length;
  const colon = space === undefined ? ':' : ': ';
  const texts = pairs.map(([name, value]) => `${JSON.stringify(name)}${colon}${JSON.stringify(value)}`);
  const gap = space === undefined ? ',' : `,\n${' '.repeat(space)}`;
  const inner = `${texts.slice(0, first).join(gap)}${gap}${mark(texts.slice(first).join(gap))}`;
  return space === undefined ? `{${inner}}\n` : `{\n${' '.repeat(space)}${inner}\n}\n`;
}
