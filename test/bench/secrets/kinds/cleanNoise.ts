/** Clean: long random-looking texts that are no secrets. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { draft, family } from '../draft.ts';
import { lines } from '../material/pem.ts';
import type { Random } from '../random.ts';
import { domain, NPM_REGISTRY, service, team } from '../words.ts';

const times = (count: number, text: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join('');
const integrity = (r: Random): string => `sha512-${r.base64(64)}`;
const name = (r: Random): string => `${team(r)}-${service(r)}-${r.text(3, 'abcdefgh')}`;

export const CLEAN_NOISE = family('noise', {
  'npm-lockfile': (r) =>
    draft(
      'package-lock.json',
      `{\n  "name": "${service(r)}",\n  "lockfileVersion": 3,\n  "packages": {\n${times(12, () => {
        const each = name(r);
        return `    "node_modules/${each}": {\n      "version": "${r.below(9)}.${r.below(20)}.0",\n      "resolved": "https://${NPM_REGISTRY}/${each}/-/${each}-1.0.0.tgz",\n      "integrity": "${integrity(r)}"\n    },\n`;
      })}    "node_modules/end": { "version": "1.0.0" }\n  }\n}\n`,
    ),
  'yarn-lockfile': (r) =>
    draft(
      'yarn.lock',
      `# yarn lockfile v1\n\n${times(10, () => `${name(r)}@^1.0.0:\n  version "1.0.${r.below(9)}"\n  resolved "https://${NPM_REGISTRY}/x/-/x-1.0.0.tgz#${r.hex(40)}"\n  integrity ${integrity(r)}\n\n`)}`,
    ),
  'go-sum': (r) =>
    draft(
      'go.sum',
      times(14, () => `github.com/${name(r)}/go v1.${r.below(30)}.0 h1:${r.base64(32)}\n`),
    ),
  'cargo-lock': (r) =>
    draft(
      'Cargo.lock',
      times(
        10,
        () =>
          `[[package]]\nname = "${name(r)}"\nversion = "0.${r.below(20)}.1"\nsource = "registry+https://git.${domain(r)}/index"\nchecksum = "${r.hex(64)}"\n\n`,
      ),
    ),
  'poetry-lock': (r) =>
    draft(
      'poetry.lock',
      times(
        6,
        () =>
          `[[package]]\nname = "${name(r)}"\nversion = "2.${r.below(9)}.0"\nfiles = [\n    {file = "x-2.0.0-py3-none-any.whl", hash = "sha256:${r.hex(64)}"},\n]\n\n`,
      ),
    ),
  'pip-hashes': (r) =>
    draft(
      'requirements.txt',
      times(
        6,
        () =>
          `${name(r)}==1.${r.below(9)}.0 \\\n    --hash=sha256:${r.hex(64)} \\\n    --hash=sha256:${r.hex(64)}\n`,
      ),
    ),
  'terraform-lock': (r) =>
    draft(
      'terraform/.terraform.lock.hcl',
      `provider "registry.terraform.io/hashicorp/tls" {\n  version = "4.0.${r.below(9)}"\n  hashes = [\n${times(6, () => `    "h1:${r.base64(32)}",\n    "zh:${r.hex(64)}",\n`)}  ]\n}\n`,
    ),
  checksums: (r) =>
    draft(
      `dist/${service(r)}-SHA256SUMS`,
      times(9, (at) => `${r.hex(64)}  ${service(r)}_${at}.tar.gz\n`),
    ),
  'aes-test-vectors': (r) =>
    draft(
      `testdata/${service(r)}_aes_gcm.json`,
      `{\n  "algorithm": "AES-GCM",\n  "testGroups": [\n    { "keySize": 256, "tests": [\n${times(8, (at) => `      { "tcId": ${at + 1}, "key": "${r.hex(64)}", "iv": "${r.hex(24)}", "aad": "", "msg": "${r.hex(32)}", "ct": "${r.hex(32)}", "tag": "${r.hex(32)}", "result": "valid" },\n`)}      { "tcId": 99, "key": "${'0'.repeat(64)}", "iv": "${'0'.repeat(24)}", "msg": "", "ct": "", "tag": "${r.hex(32)}", "result": "valid" }\n    ] }\n  ]\n}\n`,
    ),
  'hmac-test-vectors': (r) =>
    draft(
      `testdata/${service(r)}_hmac.rsp`,
      `# CAVS 11.0\n[L=32]\n\n${times(8, (at) => `Count = ${at}\nKlen = 40\nTlen = 32\nKey = ${r.hex(80)}\nMsg = ${r.hex(128)}\nMac = ${r.hex(64)}\n\n`)}`,
    ),
  'test-vectors-in-go': (r) =>
    draft(
      `internal/${service(r)}/chacha_test.go`,
      `package ${service(r)}\n\nvar vectors = []struct{ key, nonce, out string }{\n${times(6, () => `\t{"${r.hex(64)}", "${r.hex(24)}", "${r.hex(128)}"},\n`)}}\n`,
    ),
  'uuid-list': (r) =>
    draft(`data/${service(r)}-ids.csv`, `id,name\n${times(20, () => `${r.uuid()},${service(r)}\n`)}`),
  'git-revisions': (r) =>
    draft(
      `.git-blame-ignore-revs`,
      times(8, () => `# Format everything\n${r.hex(40)}\n`),
    ),
  'pinned-revisions': (r) =>
    draft(
      `deps/${service(r)}.json`,
      `{\n  "nixpkgs": { "rev": "${r.hex(40)}", "sha256": "${r.text(52, '0123456789abcdfghijklmnpqrsvwxyz')}" },\n  "key": "${service(r)}",\n  "commit": "${r.hex(40)}",\n  "treeHash": "${r.hex(64)}"\n}\n`,
    ),
  'subresource-integrity': (r) =>
    draft(
      `web/${service(r)}/index.html`,
      `<!doctype html>\n<script src="https://cdn.${domain(r)}/app.js" integrity="sha384-${r.base64(48)}" crossorigin="anonymous"></script>\n<link rel="stylesheet" href="/site.css" integrity="sha256-${r.base64(32)}">\n`,
    ),
  'container-digests': (r) =>
    draft(
      `deploy/${service(r)}/images.yaml`,
      `images:\n${times(6, () => `- name: ${service(r)}\n  digest: sha256:${r.hex(64)}\n`)}`,
    ),
  'base64-image': (r) =>
    draft(
      `web/${service(r)}/logo.css`,
      `.logo {\n  background: url("data:image/png;base64,${Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), r.bytes(900)]).toString('base64')}");\n  width: 64px;\n}\n`,
    ),
  'base64-font': (r) =>
    draft(
      `web/${service(r)}/font.css`,
      `@font-face {\n  font-family: Body;\n  src: url(data:font/woff2;base64,d09GMgAB${r.base64(1_200)}) format("woff2");\n}\n`,
    ),
  'minified-javascript': (r) =>
    draft(
      `web/${service(r)}/vendor.min.js`,
      `!function(e,t){"object"==typeof exports?module.exports=t():e.${r.text(6, 'abcdefgh')}=t()}(this,function(){${times(40, () => `var ${r.text(2, 'abcdefghij')}=function(t,n){return t.${r.text(4, 'abcdefghij')}(n,"${r.text(12)}"),n&&t.key!=="${r.text(8, 'abcdefgh')}"?t:${r.below(9_999)}};`)}});\n//# sourceMappingURL=vendor.min.js.map\n`,
    ),
  'source-map': (r) =>
    draft(
      `web/${service(r)}/app.js.map`,
      `{"version":3,"file":"app.js","sources":["../src/token.ts"],"names":["password","secret"],"mappings":"${times(90, () => `${r.text(4, 'ACDEGIKMOQSUWYacegikmo')},`)}AAAA"}\n`,
    ),
  snapshot: (r) =>
    draft(
      `web/${service(r)}/__snapshots__/page.test.js.snap`,
      `exports[\`page renders 1\`] = \`\n<div class="css-${r.text(8, 'abcdefghijklmnop0123456789')}" data-key="${r.hex(16)}">\n  <span id="token-count">42</span>\n</div>\n\`;\n`,
    ),
  'big-numbers': (r) =>
    draft(
      `internal/${service(r)}/curve.py`,
      `# NIST P-256, FIPS 186-4\nP = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF\nB = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B\nGX = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296\n`,
    ),
  'hash-constants': (r) =>
    draft(
      `src/${service(r)}/sha256.c`,
      `#include <stdint.h>\n\nstatic const uint32_t K[] = {\n${times(8, () => `    ${times(6, () => `0x${r.hex(8)}, `).trimEnd()}\n`)}};\n`,
    ),
  'firmware-bytes': (r) =>
    draft(
      `firmware/${service(r)}_logo.h`,
      `static const unsigned char logo_bitmap[] = {\n${times(12, () => `    ${times(12, () => `0x${r.hex(2)}, `).trimEnd()}\n`)}};\n`,
    ),
  'hex-dump': (r) =>
    draft(
      `docs/${service(r)}-capture.txt`,
      times(16, (at) => `${(at * 16).toString(16).padStart(8, '0')}  ${times(16, () => `${r.hex(2)} `)}\n`),
    ),
  'email-base64': (r) =>
    draft(
      `testdata/${service(r)}.eml`,
      `From: ops@${domain(r)}\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n${lines(r.base64(900), 76)}\n`,
    ),
  'trace-identifiers': (r) =>
    draft(
      `docs/${service(r)}-trace.log`,
      times(
        10,
        () =>
          `level=info traceparent=00-${r.hex(32)}-${r.hex(16)}-01 request_id=${r.uuid()} etag="${r.hex(32)}" msg="token refreshed"\n`,
      ),
    ),
  'object-identifiers': (r) =>
    draft(
      `data/${service(r)}.json`,
      `[\n${times(10, () => `  { "_id": { "$oid": "${r.hex(24)}" }, "key": "${service(r)}", "hash": "${createHash('sha256').update(r.bytes(8)).digest('hex')}" },\n`)}  {}\n]\n`,
    ),
  'aws-resource-names': (r) =>
    draft(
      `infra/${service(r)}-outputs.json`,
      `{\n  "vpcId": "vpc-0${r.hex(16)}",\n  "keyArn": "arn:aws:kms:eu-west-1:${r.text(12, '123456789')}:key/${r.uuid()}",\n  "distribution": "E${r.text(13, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}",\n  "userPoolClientId": "${r.text(26, 'abcdefghijklmnopqrstuvwxyz0123456789')}"\n}\n`,
    ),
  'png-image': (r) =>
    draft(
      `web/${service(r)}/logo.png`,
      Buffer.concat([
        Buffer.from('89504e470d0a1a0a0000000d4948445200000040000000400806000000', 'hex'),
        r.bytes(3_000),
      ]),
    ),
  'gzip-archive': (r) =>
    draft(`dist/${service(r)}.tar.gz`, gzipSync(Buffer.from(times(200, () => `${name(r)}\n`)))),
  'compiled-code': (r) =>
    draft(`dist/${service(r)}.wasm`, Buffer.concat([Buffer.from('0061736d01000000', 'hex'), r.bytes(4_000)])),
  'vector-image': (r) =>
    draft(
      `web/${service(r)}/icon.svg`,
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M${times(60, () => `${r.below(24)}.${r.below(99)} ${r.below(24)}l-`)}1 1z"/></svg>\n`,
    ),
  'license-and-serials': (r) =>
    draft(
      `docs/${service(r)}-certificates.md`,
      `| serial | subject key id |\n| --- | --- |\n${times(6, () => `| ${r.hex(32)} | ${r.hex(40)} |\n`)}`,
    ),
  readme: (r) =>
    draft(
      `README-${service(r)}.md`,
      `# ${service(r)}\n\nTalks to the key management service. The password policy is in docs/passwords.md; tokens live for ten minutes and\nprivate keys never leave the HSM. Rotate the API secret each quarter: see runbooks/rotate.md.\n`,
    ),
});
