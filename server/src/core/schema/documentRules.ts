import type { RuleMeta } from '../rules/rule.ts';

/** Any mistake of this sort stops an action: what a manifest means must be beyond doubt. */
function rule(what: string, title: string, why: string, remedy: string, standard?: string): RuleMeta {
  return {
    id: `manifest/${what}`,
    severity: 'error',
    title,
    why,
    remedy,
    ...(standard === undefined ? {} : { standard }),
  };
}

const UNREAD = 'What cannot be read cannot be checked, and nothing is done for it.';
const IGNORED = 'A field that nobody reads looks as if it had an effect.';
const NAMES = 'Authorities refuse such a name, or issue a certificate that no client accepts.';

/** What is found while a document is read and held to its schema. The findings are made in core/manifest and core/schema. */
export const DOCUMENT_RULES: readonly RuleMeta[] = [
  rule(
    'bad-audience',
    'An audience of a token is none',
    'Who checks the token compares its audience letter by letter; one that is written in another way is refused, or never compared at all.',
    'Write the name that the receiver expects: a word, or a URI such as https://ledger.example.com.',
    'RFC 7519, 4.1.3',
  ),
  rule(
    'bad-dns-name',
    'A DNS name is none',
    NAMES,
    'Write a host name: labels of letters, digits and hyphens, at most 63 each, 253 together; a wildcard only as the whole leftmost label; international names in their A-label form (xn--…).',
    'RFC 1123, 2.1; RFC 5890; RFC 6125, 6.4.3',
  ),
  rule(
    'bad-duration',
    'A duration cannot be read',
    'How long something is valid must be beyond doubt.',
    'Write numbers with units, largest first: `47d`, `12h`, `1d12h`. Units are y (365 days), w, d, h, m (minutes), s.',
  ),
  rule(
    'bad-email',
    'A mail address is none',
    NAMES,
    'Write `name@example.com`; an international host in its A-label form.',
    'RFC 5280, 4.2.1.6',
  ),
  rule(
    'bad-endpoint',
    'An endpoint is none',
    'Verify connects there; it needs a host and a port.',
    'Write `host:port`; an IPv6 address in brackets: `[2001:db8::1]:443`.',
  ),
  rule(
    'bad-ip-address',
    'An IP address or a network is none',
    NAMES,
    'Write an address as 192.0.2.10 or 2001:db8::10; a network with its prefix length, as 192.0.2.0/24, with no bit set beyond it.',
    'RFC 5280, 4.2.1.6; RFC 4291, 2.2; RFC 4632, 3.1',
  ),
  rule(
    'bad-name',
    'A name or a reference has a wrong form',
    'Names become parts of file names and of other systems’ names, on every operating system.',
    'Use lower-case letters, digits and hyphens, at most 63, no name that Windows keeps for devices. References are `name` or `namespace/name`, with the kind in front where any identity can stand.',
    'RFC 1123, 2.1',
  ),
  rule(
    'bad-principal',
    'A principal of an SSH certificate is none',
    'sshd compares principals as they are written and reads lists of them at commas and line ends: one with a comma or a space lets nobody in, or somebody else.',
    'Write one account or host name an item; `{machine}` stands for the machine’s name.',
    'PROTOCOL.certkeys, "valid principals"',
  ),
  rule(
    'bad-scope',
    'A scope of a token is none',
    'Scopes travel as one text that is split at spaces.',
    'Write printable ASCII without space, quote and backslash, one scope an item.',
    'RFC 6749, 3.3',
  ),
  rule(
    'bad-selector',
    'A selector of a workload is none',
    'A selector that no attestor understands never matches, and the workload gets no identity.',
    'Write `type:value`, such as `unix:uid:1001` or `k8s:ns:payments`.',
  ),
  rule(
    'bad-spiffe-id',
    'A SPIFFE ID or a trust domain is none',
    'Registries and peers refuse it; names that differ in case or in a slash are different workloads.',
    'Write spiffe://trust-domain/path: the trust domain in lower case without port and user, the path without empty parts, query and fragment.',
    'SPIFFE-ID, 2; X509-SVID, 2',
  ),
  rule(
    'bad-uri',
    'A URI is none',
    NAMES,
    'Write a scheme, a colon and what follows it; a SPIFFE ID as spiffe://trust-domain/path.',
    'RFC 3986, 3; SPIFFE-ID, 2',
  ),
  rule(
    'bad-value',
    'A value is outside of what the field takes',
    'It would be refused later, in the middle of an action.',
    'Write a value as the message and the field’s description say.',
  ),
  rule(
    'duplicate-item',
    'A list has the same value twice',
    'One of the two was probably meant to be another.',
    'Remove or correct one of them.',
  ),
  rule(
    'duplicate-key',
    'A map has the same key twice',
    'Parsers keep one of them and drop the other without a word; which one differs.',
    'Remove one of them.',
    'YAML 1.2.2, 3.2.1.3',
  ),
  rule('empty-value', 'A value is empty', IGNORED, 'Give it a value, or remove the field.'),
  rule('invalid-utf8', 'A file is not valid UTF-8', UNREAD, 'Save the file as UTF-8.', 'YAML 1.2.2, 5.2'),
  rule(
    'json-syntax',
    'A JSON file is no JSON',
    UNREAD,
    'Remove comments and commas at the end, put keys and texts in double quotes.',
    'RFC 8259',
  ),
  rule(
    'missing-field',
    'A required field is missing',
    'Without it nobody can tell what is meant.',
    'Add the field.',
  ),
  rule(
    'not-allowed',
    'A value is none of those that are allowed',
    IGNORED,
    'Choose one of the values that the message names.',
  ),
  {
    ...rule(
      'rule-failed',
      'A rule could not be run',
      'A mistake in this tool: what the rule would have found is not known.',
      'Report it, if possible with the manifests.',
    ),
    severity: 'warning',
  },
  rule(
    'too-deep',
    'Maps and lists are nested too deep',
    'Such a document is no manifest; reading it could exhaust the memory.',
    'Write it with fewer levels.',
  ),
  rule('too-large', 'A file is too large', UNREAD, 'Split it into several files.'),
  rule(
    'too-many-aliases',
    'Aliases repeat too much',
    'A few lines of aliases can stand for billions of values ("billion laughs"): reading them would exhaust the memory.',
    'Write fewer aliases, or the values themselves.',
    'CWE-776',
  ),
  rule(
    'unknown-alias',
    'An alias names no anchor',
    UNREAD,
    'Set the anchor (`&name`) above, in the same document, or write the value.',
    'YAML 1.2.2, 7.1',
  ),
  rule(
    'unknown-api-version',
    'The version of the manifest language is unknown',
    'Fields may mean something else in another version.',
    'Write `apiVersion: identity-as-code/v1`, or update the tool.',
  ),
  rule(
    'unknown-field',
    'A field is unknown',
    `${IGNORED} Most are misspelt.`,
    'Correct its spelling, move it to where it belongs, or remove it.',
  ),
  rule('unknown-kind', 'A kind is unknown', UNREAD, 'Write one of the kinds that the message names.'),
  rule(
    'wrong-type',
    'A value has the wrong type',
    'A number where text is meant loses leading zeros; a text where a list is meant has no items.',
    'Write text in quotes, a list in brackets or with dashes, a map with keys.',
  ),
  rule(
    'yaml-syntax',
    'A file is no YAML',
    UNREAD,
    'Look for an open quote or bracket, a wrong indentation, a missing colon at or above the place.',
    'YAML 1.2.2',
  ),
];
