/** Clean: the public half of everything. */
import { createHash } from 'node:crypto';
import { draft, family, indent } from '../draft.ts';
import { certificate, certificatePem, requestPem } from '../material/certificates.ts';
import { anyKey, ecKey, edKey, jwk, p256Key, rsaKey, spki } from '../material/keys.ts';
import { begin, end, lines, pem, publicPem } from '../material/pem.ts';
import { pgpKeys } from '../material/pgp.ts';
import { ageKeys, minisignPublic, wireguardKeys } from '../material/smallKeys.ts';
import { sshFingerprint, sshPublicLine } from '../material/ssh.ts';
import { jksTrustStore, pkcs12TrustStore } from '../material/stores.ts';
import type { Random } from '../random.ts';
import { domain, host, ip, person, service } from '../words.ts';

const cert = (r: Random): string => certificatePem(host(r), anyKey(r), rsaKey(r), r);
const colons = (bytes: Buffer): string => (bytes.toString('hex').toUpperCase().match(/../g) ?? []).join(':');

export const CLEAN_PUBLIC = family('public-material', {
  certificate: (r) => draft(`certs/${service(r)}.crt`, cert(r)),
  'certificate-chain': (r) => draft(`certs/${service(r)}-chain.pem`, cert(r) + cert(r) + cert(r)),
  'certificate-der': (r) => draft(`certs/${service(r)}.cer`, certificate(host(r), anyKey(r), rsaKey(r), r)),
  'certificate-request': (r) => draft(`requests/${service(r)}.csr`, requestPem(host(r), rsaKey(r))),
  'public-key': (r) => draft(`keys/${service(r)}.pub.pem`, publicPem(anyKey(r))),
  'public-key-der': (r) => draft(`keys/${service(r)}-public.der`, spki(anyKey(r))),
  'public-key-in-code': (r) =>
    draft(
      `src/${service(r)}/verify.py`,
      `PUBLIC_KEY = """${publicPem(rsaKey(r))}"""\n\n\ndef verify(token):\n    return jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"])\n`,
    ),
  'dh-parameters': (r) =>
    draft(
      `tls/dhparam-${service(r)}.pem`,
      pem('DH PARAMETERS', Buffer.from(`3082010802820101${'00'}${r.hex(512)}020102`, 'hex')),
    ),
  'authorized-keys': (r) =>
    draft(
      `ansible/files/${service(r)}/authorized_keys`,
      [0, 1, 2].map(() => `${sshPublicLine(anyKey(r), `${person(r)}@${domain(r)}`)}\n`).join(''),
    ),
  'known-hosts': (r) =>
    draft(
      `.ssh/known_hosts`,
      `${host(r)} ${sshPublicLine(edKey(r), '').trim()}\n|1|${r.base64(20)}|${r.base64(20)} ${sshPublicLine(ecKey(r), '').trim()}\n`,
    ),
  'ssh-public-key': (r) =>
    draft(`keys/${person(r)}.pub`, `${sshPublicLine(rsaKey(r), `${person(r)}@laptop`)}\n`),
  'ssh-fingerprints': (r) =>
    draft(
      `docs/${service(r)}-hosts.md`,
      `# Hosts\n\n| host | fingerprint |\n| --- | --- |\n| ${host(r)} | ${sshFingerprint(edKey(r))} |\n| ${host(r)} | ${sshFingerprint(rsaKey(r))} |\n`,
    ),
  'fingerprints-in-config': (r) =>
    draft(
      `pins/${service(r)}.yml`,
      `pins:\n- sha256/${createHash('sha256')
        .update(spki(edKey(r)))
        .digest(
          'base64',
        )}\n- sha256/${r.base64(32)}\nthumbprint: ${r.hex(40).toUpperCase()}\nfingerprint: "${colons(r.bytes(32))}"\n`,
    ),
  'jwks-public': (r) => {
    const keys = [rsaKey(r), p256Key(r), edKey(r)].map((key) => ({
      kid: r.base64url(12),
      use: 'sig',
      ...jwk(key).open,
    }));
    return draft(`public/.well-known/${service(r)}-jwks.json`, `${JSON.stringify({ keys }, null, 2)}\n`);
  },
  'pgp-public-key': (r) =>
    draft(`keys/${person(r)}.asc`, pgpKeys(`${person(r)} <release@${domain(r)}>`, r).open),
  'pgp-signature': (r) =>
    draft(
      `dist/${service(r)}.tar.gz.asc`,
      `${begin('PGP SIGNATURE')}\n\n${lines(r.base64(200))}\n=${r.base64(3)}\n${end('PGP SIGNATURE')}\n`,
    ),
  'age-recipients': (r) =>
    draft(
      `.age-recipients-${service(r)}`,
      [0, 1, 2].map(() => `# ${person(r)}\n${ageKeys(r).open}\n`).join(''),
    ),
  'sops-config': (r) =>
    draft(
      '.sops.yaml',
      `creation_rules:\n- path_regex: secrets/.*\n  age: ${ageKeys(r).open}\n  pgp: ${r.hex(40).toUpperCase()}\n`,
    ),
  'wireguard-peers': (r) =>
    draft(
      `wireguard/peers-${service(r)}.conf`,
      [0, 1, 2]
        .map(
          () => `[Peer]\n# ${person(r)}\nPublicKey = ${wireguardKeys(r).open}\nAllowedIPs = ${ip(r)}/32\n\n`,
        )
        .join(''),
    ),
  'minisign-public': (r) =>
    draft(
      `release/${service(r)}.pub`,
      `untrusted comment: minisign public key ${r.hex(16).toUpperCase()}\n${minisignPublic(r)}\n`,
    ),
  'cosign-public': (r) => draft(`signing/${service(r)}/cosign.pub`, publicPem(p256Key(r))),
  'ca-bundle-in-config-map': (r) =>
    draft(
      `k8s/${service(r)}-ca.yaml`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ca\ndata:\n  ca.crt: |\n    ${indent(cert(r), 4)}\n`,
    ),
  'kubeconfig-without-secrets': (r) =>
    draft(
      `clusters/${service(r)}-oidc.yaml`,
      `apiVersion: v1\nkind: Config\nclusters:\n- name: prod\n  cluster:\n    certificate-authority-data: ${Buffer.from(cert(r)).toString('base64')}\n    server: https://${host(r)}:6443\nusers:\n- name: me\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: kubelogin\n      args: [get-token, --login, azurecli]\n`,
    ),
  'trust-store-pkcs12': (r) => {
    const roots = [0, 1].map(() => certificate(host(r), anyKey(r), rsaKey(r), r));
    return draft(`tls/${service(r)}-truststore.p12`, pkcs12TrustStore(roots, 'changeit', r));
  },
  'trust-store-jks': (r) => {
    const roots = [0, 1, 2].map(() => certificate(host(r), anyKey(r), rsaKey(r), r));
    return draft(`conf/${service(r)}/cacerts.jks`, jksTrustStore(roots, 'changeit', r));
  },
  'certificate-as-text': (r) =>
    draft(
      `certs/${service(r)}.txt`,
      `Certificate:\n    Data:\n        Serial Number:\n            ${colons(r.bytes(16)).toLowerCase()}\n        Subject Public Key Info:\n            Public Key Algorithm: id-ecPublicKey\n                pub:\n                    04:${colons(r.bytes(15)).toLowerCase()}:\n                    ${colons(r.bytes(15)).toLowerCase()}:\n        X509v3 Subject Key Identifier:\n            ${colons(r.bytes(20))}\n`,
    ),
  'certificate-in-base64': (r) =>
    draft(
      `values/${service(r)}-ca.yaml`,
      `ca:\n  bundle: ${Buffer.from(cert(r)).toString('base64')}\n  der: ${certificate(host(r), anyKey(r), rsaKey(r), r).toString('base64')}\n`,
    ),
  'dns-records': (r) =>
    draft(
      `dns/${domain(r)}.zone`,
      `$TTL 3600\n@ IN SOA ns1 hostmaster 2024010101 3600 900 604800 300\n_443._tcp IN TLSA 3 1 1 ${r.hex(64)}\n@ IN DNSKEY 257 3 13 ${r.base64(64)}\n@ IN DS ${r.below(60_000)} 13 2 ${r.hex(64).toUpperCase()}\nmail._domainkey IN TXT "v=DKIM1; k=rsa; p=${spki(rsaKey(r)).toString('base64').slice(0, 240)}"\n`,
    ),
  'saml-metadata': (r) =>
    draft(
      `idp/${service(r)}-metadata.xml`,
      `<EntityDescriptor entityID="https://${host(r)}/saml">\n  <KeyDescriptor use="signing">\n    <X509Certificate>${certificate(host(r), rsaKey(r), rsaKey(r), r).toString('base64')}</X509Certificate>\n  </KeyDescriptor>\n</EntityDescriptor>\n`,
    ),
});
