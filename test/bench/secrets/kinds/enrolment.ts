/** What lets a machine ask for a certificate or change DNS: SCEP, EST, CMP, ACME EAB, TSIG. */
import { draft, family, mark } from '../draft.ts';
import type { Random } from '../random.ts';
import { domain, host, ip, password, service } from '../words.ts';

const challenge = (r: Random): string => r.pick([() => r.hex(32).toUpperCase(), () => password(r)])();
const hmac = (r: Random): string => r.base64url(r.pick([32, 64]));

export const ENROLMENT = family('enrolment', {
  'scep-openssl-request': (r) =>
    draft(
      `scep/${service(r)}.cnf`,
      `[ req ]\nprompt = no\ndistinguished_name = dn\nattributes = attrs\n\n[ dn ]\nCN = ${host(r)}\n\n[ attrs ]\nchallengePassword = ${mark(challenge(r))}\n`,
    ),
  'scep-mobileconfig': (r) =>
    draft(
      `mdm/${service(r)}.mobileconfig`,
      `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<dict>\n  <key>PayloadType</key>\n  <string>com.apple.security.scep</string>\n  <key>PayloadContent</key>\n  <dict>\n    <key>URL</key>\n    <string>https://${host(r)}/scep</string>\n    <key>Challenge</key>\n    <string>${mark(challenge(r))}</string>\n    <key>Keysize</key>\n    <integer>2048</integer>\n  </dict>\n</dict>\n</plist>\n`,
    ),
  'scep-client-script': (r) =>
    draft(
      `scripts/enrol-${service(r)}.sh`,
      `#!/bin/sh\nset -e\nscepclient -server-url=https://${host(r)}/scep -cn ${service(r)} -challenge=${mark(challenge(r))} -keySize 2048\n`,
    ),
  'scep-router-config': (r) =>
    draft(
      `network/${service(r)}-router.cfg`,
      `hostname ${service(r)}\ncrypto pki trustpoint CORP\n enrollment url http://${ip(r)}/scep\n subject-name CN=${host(r)}\n password ${mark(challenge(r))}\n revocation-check crl\n`,
    ),
  'scep-yaml': (r) =>
    draft(
      `agents/${service(r)}/enrol.yaml`,
      `protocol: scep\nurl: https://${host(r)}/scep/corp\nchallenge: ${mark(challenge(r))}\nrenewBefore: 720h\n`,
    ),
  'est-client-yaml': (r) =>
    draft(
      `est/${service(r)}.yaml`,
      `est:\n  server: ${host(r)}:8443\n  label: devices\n  username: ${service(r)}\n  password: ${mark(password(r))}\n  trustAnchor: est-ca.pem\n`,
    ),
  'est-client-script': (r) =>
    draft(
      `scripts/est-${service(r)}.sh`,
      `#!/bin/sh\nestclient enroll -server ${host(r)}:8443 -explicit est-ca.pem -csr device.csr -username device -password ${mark(password(r))} -out device.pem\n`,
    ),
  'est-curl': (r) =>
    draft(
      `ci/est-${service(r)}.sh`,
      `#!/bin/sh\ncurl --cacert est-ca.pem --user device:${mark(password(r))} --data @device.b64 -H 'Content-Type: application/pkcs10' https://${host(r)}/.well-known/est/simpleenroll\n`,
    ),
  'cmp-reference-and-secret': (r) =>
    draft(
      `cmp/${service(r)}.cnf`,
      `[ cmp ]\nserver = ${host(r)}:80\npath = pkix/\nref = ${r.between(1_000, 9_999)}\nsecret = pass:${mark(password(r))}\ncertout = device.pem\n`,
    ),
  'eab-certbot': (r) =>
    draft(
      `certbot/${service(r)}/cli.ini`,
      `server = https://acme.${domain(r)}/directory\nemail = pki@${domain(r)}\neab-kid = ${r.text(22)}\neab-hmac-key = ${mark(hmac(r))}\n`,
    ),
  'eab-lego-environment': (r) =>
    draft(
      `lego/${service(r)}.env`,
      `LEGO_SERVER=https://acme.${domain(r)}/directory\nLEGO_EAB=true\nLEGO_EAB_KID=${r.text(22)}\nLEGO_EAB_HMAC=${mark(hmac(r))}\n`,
    ),
  'eab-caddyfile': (r) =>
    draft(
      `caddy/${service(r)}/Caddyfile`,
      `{\n  acme_ca https://acme.${domain(r)}/v2/DV90\n  acme_eab {\n    key_id ${r.text(22)}\n    mac_key ${mark(hmac(r))}\n  }\n}\n\n${host(r)} {\n  reverse_proxy ${ip(r)}:8080\n}\n`,
    ),
  'eab-traefik': (r) =>
    draft(
      `traefik/${service(r)}.yml`,
      `certificatesResolvers:\n  corp:\n    acme:\n      caServer: https://acme.${domain(r)}/directory\n      eab:\n        kid: ${r.text(22)}\n        hmacEncoded: ${mark(hmac(r))}\n`,
    ),
  'eab-acme-sh': (r) =>
    draft(
      `scripts/acme-${service(r)}.sh`,
      `#!/bin/sh\nacme.sh --register-account --server zerossl --eab-kid ${r.text(22)} --eab-hmac-key ${mark(hmac(r))}\n`,
    ),
  'tsig-named-conf': (r) =>
    draft(
      `bind/${service(r)}/named.conf`,
      `options { directory "/var/cache/bind"; };\nkey "${service(r)}-transfer" {\n  algorithm hmac-sha256;\n  secret "${mark(r.base64(32))}";\n};\nzone "${domain(r)}" { type master; file "db"; allow-transfer { key "${service(r)}-transfer"; }; };\n`,
    ),
  'tsig-key-file': (r) =>
    draft(
      `bind/keys/K${domain(r)}.+163+${r.between(10_000, 60_000)}.private`,
      `Private-key-format: v1.3\nAlgorithm: 163 (HMAC_SHA256)\nKey: ${mark(r.base64(32))}\nBits: AAA=\nCreated: 20240${r.between(1, 9)}01000000\n`,
    ),
  'tsig-nsupdate': (r) =>
    draft(
      `scripts/dns-${service(r)}.sh`,
      `#!/bin/sh\nnsupdate -y hmac-sha256:${service(r)}:${mark(r.base64(32))} <<EOF\nserver ${ip(r)}\nupdate add ${host(r)}. 60 A ${ip(r)}\nsend\nEOF\n`,
    ),
  'tsig-certbot-rfc2136': (r) =>
    draft(
      `certbot/${service(r)}/rfc2136.ini`,
      `dns_rfc2136_server = ${ip(r)}\ndns_rfc2136_name = ${service(r)}.\ndns_rfc2136_secret = ${mark(r.base64(64))}\ndns_rfc2136_algorithm = HMAC-SHA512\n`,
    ),
  'tsig-knot': (r) =>
    draft(
      `knot/${service(r)}.conf`,
      `server:\n  listen: ${ip(r)}@53\nkey:\n  - id: ${service(r)}\n    algorithm: hmac-sha256\n    secret: ${mark(r.base64(32))}\nacl:\n  - id: update\n    key: ${service(r)}\n    action: update\n`,
    ),
  'rndc-key': (r) =>
    draft(
      `bind/${service(r)}/rndc.key`,
      `key "rndc-key" {\n\talgorithm hmac-md5;\n\tsecret "${mark(r.base64(16))}";\n};\n`,
    ),
});
