/** One mistake, one finding, on the exact token. «» marks what must be pointed at. */
import assert from 'node:assert/strict';
import type { Finding } from '../../server/src/core/finding.ts';
import { NAME_TO_CHOOSE } from '../../server/src/core/finding.ts';
import { parseManifestFile } from '../../server/src/core/manifest/manifestFile.ts';
import { lineIndex } from '../../server/src/core/text/lineIndex.ts';

const HEAD = 'apiVersion: identity-as-code/v1\nkind: Certificate\nmetadata: { name: web }\n';
const certificate = (spec: string): string => `${HEAD}spec:\n  issuer: local-ca\n${spec}`;

interface Wanted {
  readonly rule: string;
  readonly message: RegExp;
  /** What the text is once the preferred fix was applied; undefined: none is preferred. */
  readonly fixed?: string;
  readonly others?: number;
}

function apply(text: string, finding: Finding): string | undefined {
  const fix = finding.fixes.find(({ preferred }) => preferred);
  if (fix === undefined) return undefined;
  const lines = lineIndex(text);
  return fix.edits
    .toSorted((a, b) => lines.offsetAt(b.range.start) - lines.offsetAt(a.range.start))
    .reduce(
      (now, { range, newText }) =>
        now.slice(0, lines.offsetAt(range.start)) + newText + now.slice(lines.offsetAt(range.end)),
      text,
    );
}

function check(marked: string, wanted: Wanted, file = 'a.identity.yaml'): void {
  const text = marked.replace('«', '').replace('»', '');
  const { findings } = parseManifestFile(file, text);
  assert.deepEqual(
    findings.map(({ rule }) => rule),
    [wanted.rule],
    findings.map(({ message }) => message).join('\n'),
  );
  const [finding] = findings;
  assert.ok(finding !== undefined);
  const lines = lineIndex(text);
  const start = lines.offsetAt(finding.range.start);
  const end = lines.offsetAt(finding.range.end);
  assert.equal(`${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`, marked);
  assert.match(finding.message, wanted.message);
  assert.ok(finding.message.length <= 160, finding.message);
  const fixed = apply(text, finding);
  if (wanted.fixed === undefined) assert.equal(fixed, undefined);
  else {
    assert.ok(fixed?.includes(wanted.fixed), fixed);
    assert.deepEqual(
      parseManifestFile(file, fixed ?? '').findings.filter(({ rule }) => rule === wanted.rule),
      [],
    );
  }
}

const CASES: Readonly<Record<string, readonly [string, Wanted]>> = {
  'a misspelt field': [
    certificate('  «dnsName»: [a.example.com]\n'),
    {
      rule: 'manifest/unknown-field',
      message: /unknown field "dnsName"; did you mean "dnsNames"\?/,
      fixed: '  dnsNames: [a',
    },
  ],
  'a misspelt required field is one mistake': [
    `${HEAD}spec:\n  «isuer»: local-ca\n`,
    { rule: 'manifest/unknown-field', message: /did you mean "issuer"/, fixed: '  issuer: local-ca' },
  ],
  'a field at the wrong level': [
    certificate('  «contact»: x\n'),
    { rule: 'manifest/unknown-field', message: /it belongs in "owner"/, fixed: '  owner: { contact: x }' },
  ],
  'a field of nothing': [
    certificate('  «frobnicate»: x\n'),
    { rule: 'manifest/unknown-field', message: /a Certificate takes owner, machines/ },
  ],
  'a misspelt field after an emoji': [
    certificate('  owner: { team: "🙂🙂", «contatc»: x }\n'),
    { rule: 'manifest/unknown-field', message: /"contact"/, fixed: 'contact: x' },
  ],
  'a missing field': [
    `${HEAD}«spec»:\n  duration: 47d\n`,
    {
      rule: 'manifest/missing-field',
      message: /"spec" needs "issuer"/,
      fixed: `  issuer: ${NAME_TO_CHOOSE}\n  duration`,
    },
  ],
  'a missing field of a list item': [
    certificate('  deliverTo:\n    - «backend»: ca\n'),
    {
      rule: 'manifest/missing-field',
      message: /"deliverTo" needs "path"/,
    },
  ],
  'a field that another one needs': [
    certificate('  deliverTo:\n    - { backend: ca, path: a.p12, format: «pkcs12» }\n'),
    {
      rule: 'manifest/missing-field',
      message: /^format "pkcs12" needs "passwordFile"; for example tls\/keystore\.password$/,
    },
  ],
  'a missing field in braces': [
    certificate('  owner: { «contact»: x }\n').replace('«contact»', 'contact').replace('owner', '«owner»'),
    { rule: 'manifest/missing-field', message: /"owner" needs "team"/ },
  ],
  'no specification': [
    HEAD.replace('kind', '«kind»'),
    { rule: 'manifest/missing-field', message: /needs "spec"/ },
  ],
  'text where a list is meant': [
    certificate('  dnsNames: «a.example.com»\n'),
    {
      rule: 'manifest/wrong-type',
      message: /"dnsNames" must be a list of text, not text/,
      fixed: '[a.example.com]',
    },
  ],
  'a number where text is meant': [
    certificate('  deliverTo: [{ backend: ca, path: x, mode: «0644» }]\n'),
    {
      rule: 'manifest/wrong-type',
      message: /"mode" must be text, not a number; put it in quotes/,
      fixed: 'mode: "0644"',
    },
  ],
  'nothing where a map is meant': [
    certificate('  «key»:\n'),
    { rule: 'manifest/empty-value', message: /"key" is empty; it must be a map with algorithm/ },
  ],
  'a list where a map is meant': [
    certificate('  «key»: [x]\n'),
    { rule: 'manifest/wrong-type', message: /"key" must be a map, not a list/ },
  ],
  'a misspelt value': [
    certificate('  key: { algorithm: «ECDSA-P265» }\n'),
    { rule: 'manifest/not-allowed', message: /did you mean "ECDSA-P256"/, fixed: 'algorithm: ECDSA-P256' },
  ],
  'a value in quotes': [
    certificate('  keyPer: «"machnie"»\n'),
    { rule: 'manifest/not-allowed', message: /did you mean "machine"/, fixed: 'keyPer: "machine"' },
  ],
  'a value far from all': [
    certificate('  keyPer: «planet»\n'),
    { rule: 'manifest/not-allowed', message: /allowed are machine or identity/ },
  ],
  'a duplicate key': [
    certificate('  duration: 47d\n  «duration»: 90d\n'),
    { rule: 'manifest/duplicate-key', message: /twice/ },
  ],
  'a duplicate item': [
    certificate('  consumers: [a, b, «a»]\n'),
    { rule: 'manifest/duplicate-item', message: /"a" is in "consumers" twice/, fixed: '[a, b]' },
  ],
  'an empty list': [
    certificate('  deliverTo: [{ backend: ca, path: x, contents: «[]» }]\n'),
    { rule: 'manifest/empty-value', message: /"contents" is empty/ },
  ],
  'an unknown kind': [
    `${HEAD.replace('Certificate', '«Certifcate»')}spec: {}\n`,
    { rule: 'manifest/unknown-kind', message: /did you mean "Certificate"/, fixed: 'kind: Certificate' },
  ],
  'no kind': [
    `${HEAD.replace('kind', '«knid»')}spec: { issuer: ca }\n`,
    { rule: 'manifest/unknown-field', message: /did you mean "kind"/, fixed: 'kind: Cert' },
  ],
  'an unknown version': [
    `${HEAD.replace('identity-as-code/v1', '«identity-as-code/v2»')}spec: { issuer: ca }\n`,
    {
      rule: 'manifest/unknown-api-version',
      message: /write identity-as-code\/v1/,
      fixed: 'apiVersion: identity-as-code/v1',
    },
  ],
  'a name with capitals': [
    `${HEAD.replace('name: web', 'name: «Web_Shop»')}spec: { issuer: ca }\n`,
    { rule: 'manifest/bad-name', message: /write "web-shop"/, fixed: 'name: web-shop' },
  ],
  'a device name': [
    `${HEAD.replace('name: web', 'name: «con»')}spec: { issuer: ca }\n`,
    { rule: 'manifest/bad-name', message: /device on Windows/ },
  ],
  'a URL as DNS name': [
    certificate('  dnsNames: [«https://a.example.com»]\n'),
    { rule: 'manifest/bad-dns-name', message: /it is a URL/, fixed: '[a.example.com]' },
  ],
  'an international name': [
    certificate('  dnsNames: [«bücher.example»]\n'),
    { rule: 'manifest/bad-dns-name', message: /A-label/, fixed: '[xn--bcher-kva.example]' },
  ],
  'a wildcard inside': [
    certificate('  dnsNames: ["a.*.example.com"]\n').replace('"a.*.example.com"', '«"a.*.example.com"»'),
    { rule: 'manifest/bad-dns-name', message: /leftmost label/ },
  ],
  'a network as address': [
    certificate('  ipAddresses: [«10.0.0.0/8»]\n'),
    { rule: 'manifest/bad-ip-address', message: /it is a network/ },
  ],
  'a SPIFFE ID with a port': [
    certificate('  uris: [«spiffe://example.com:80/x»]\n'),
    { rule: 'manifest/bad-spiffe-id', message: /trust domain/, fixed: '[spiffe://example.com/x]' },
  ],
  'a spelled-out duration': [
    certificate('  duration: «47 days»\n'),
    { rule: 'manifest/bad-duration', message: /write 47d/, fixed: 'duration: 47d' },
  ],
  'an endpoint without port': [
    certificate('  endpoints: [«a.example.com»]\n'),
    { rule: 'manifest/bad-endpoint', message: /its port is missing/, fixed: 'a.example.com:443' },
  ],
  'a mistake in what an alias repeats is said once': [
    certificate('  owner: &o { team: a, «conact»: b }\n').replace('kind', 'kind'),
    { rule: 'manifest/unknown-field', message: /"contact"/, fixed: 'contact: b' },
  ],
  'a field of another kind': [
    'apiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: a }\nspec:\n  type: server\n  «dnsNames»: [a]\n',
    { rule: 'manifest/unknown-field', message: /Certificate or Workload have it/ },
  ],
  'a namespace where there is none': [
    'apiVersion: identity-as-code/v1\nkind: Backend\nmetadata: { name: a, «namespace»: b }\nspec: { type: local }\n',
    { rule: 'manifest/unknown-field', message: /a Backend has no namespace/, fixed: '{ name: a }' },
  ],
  'an unknown backend': [
    'apiVersion: identity-as-code/v1\nkind: Backend\nmetadata: { name: a }\nspec: { type: «locla», address: https://x }\n',
    { rule: 'manifest/not-allowed', message: /did you mean "local"/, fixed: 'type: local' },
  ],
  'a misspelt field of a backend type': [
    'apiVersion: identity-as-code/v1\nkind: Backend\nmetadata: { name: a }\nspec:\n  type: local\n  «autority»: {}\n',
    { rule: 'manifest/unknown-field', message: /did you mean "authority"/, fixed: 'authority: {}' },
  ],
  'an open quote': [
    certificate('  duration: «"»47d\n  keyPer: machine\n'),
    { rule: 'manifest/yaml-syntax', message: /never closed/, fixed: 'duration: "47d"\n' },
  ],
  'an open bracket': [
    certificate('  dnsNames: «[»a, "b"\n'),
    { rule: 'manifest/yaml-syntax', message: /never closed/, fixed: '[a, "b"]' },
  ],
  'a wrong indentation': [
    certificate(' «dnsNames»: [a]\n'),
    {
      rule: 'manifest/yaml-syntax',
      message: /indented by 1 space; its neighbours by 2/,
      fixed: '\n  dnsNames',
    },
  ],
  'a tab': [
    certificate('«\t»duration: 47d\n'),
    { rule: 'manifest/yaml-syntax', message: /replace the tab/, fixed: '\n  duration' },
  ],
  'a list as manifest': ['- «a»\n- b\n', { rule: 'manifest/wrong-type', message: /a manifest is a map/ }],
};

describe('mistakes in manifests', () => {
  for (const [name, [text, wanted]] of Object.entries(CASES)) it(name, () => check(text, wanted));

  it('in JSON', () => {
    const text =
      '{ "apiVersion": "identity-as-code/v1", "kind": "Machine", "metadata": { "name": "a" }, "spec": { "type": "server", «"onwer"»: { "team": "x" } } }';
    check(
      text,
      { rule: 'manifest/unknown-field', message: /"owner"/, fixed: '"owner": {' },
      'a.identity.json',
    );
  });

  it('the first of two duplicate keys is a related place', () => {
    const { findings } = parseManifestFile(
      'a.identity.yaml',
      certificate('  duration: 47d\n  duration: 90d\n'),
    );
    assert.deepEqual(
      findings[0]?.related.map(({ range }) => range.start),
      [{ line: 5, character: 2 }],
    );
  });

  it('are each found when there are twelve', () => {
    const text = certificate(
      '  dnsName: [a]\n  machines: web\n  keyPer: machin\n  usages: [serverAuht]\n  ipAddresses: [1.2.3]\n  uris: [x]\n  emailAddresses: [x]\n  duration: long\n  renewal: { befor: 15d }\n  consumers: [a, a]\n  endpoints: [":1"]\n  owner:\n',
    );
    const { findings } = parseManifestFile('a.identity.yaml', text);
    assert.deepEqual(
      findings.map(({ range }) => range.start.line),
      [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    );
  });
});
