/** The manifest of what exists already: what its credential says, and who renews it. */
import { KEY_ALGORITHMS } from '../credential/keyAlgorithm.ts';
import { API_VERSION } from '../identity/identityId.ts';
import { NO_END } from '../lifecycle/event.ts';
import type { KeystoreFormat } from '../lifecycle/keystorePlace.ts';
import { checkFormat } from '../schema/formats/formats.ts';
import { yamlText } from '../schema/place.ts';
import { formatDuration } from '../text/duration.ts';
import { commonName } from './groupFound.ts';
import type { Held } from './held.ts';

/** Where a copy of it stands that a backend can write: one entry of `deliverTo`. */
export interface AdoptedDelivery {
  readonly backend: string;
  readonly path: string;
  readonly contents: readonly ('certificate' | 'chain' | 'privateKey' | 'publicKey')[];
  /** Absent: text. */
  readonly keystore?: {
    readonly format: KeystoreFormat;
    readonly alias: string | null;
    readonly passwordFile: string;
  };
}

export interface AdoptionChoice {
  readonly name: string;
  /** Null: the one that counts where none is named. */
  readonly namespace: string | null;
  /** The backend that is to renew it; null: whoever does so today goes on. */
  readonly issuer: string | null;
  /** The longest that backend issues for, where its manifest says so. */
  readonly maximumSeconds: number | null;
  readonly deliveries: readonly AdoptedDelivery[];
  /** Project file with its SSH public key. */
  readonly publicKey: string | null;
  /** Sentences for whoever reads the manifest, one comment each. */
  readonly remarks: readonly string[];
}

type Field = readonly [name: string, value: string | readonly string[]];

const DAY = 86_400;
const USAGES = ['serverAuth', 'clientAuth', 'codeSigning', 'emailProtection', 'timeStamping'];
/** OpenSSH's names of extensions that a manifest can ask for. */
const SSH_EXTENSIONS = [
  'permit-X11-forwarding',
  'permit-agent-forwarding',
  'permit-port-forwarding',
  'permit-pty',
  'permit-user-rc',
];

export function adoptionText(held: Held, choice: AdoptionChoice): string {
  const { fields, leftOut } = specOf(held, choice);
  const remarks = [
    ...choice.remarks,
    ...leftOut.map((what) => `Left out, since a manifest cannot say it: ${what}`),
  ];
  return [
    ...remarks.map((each) => `# ${oneLine(each)}`),
    `apiVersion: ${API_VERSION}`,
    `kind: ${held.kind}`,
    'metadata:',
    `  name: ${choice.name}`,
    ...(choice.namespace === null ? [] : [`  namespace: ${choice.namespace}`]),
    'spec:',
    ...fields.map(([name, value]) => `  ${name}: ${written(value)}`),
    ...(choice.deliveries.length === 0 ? [] : ['  deliverTo:']),
    ...choice.deliveries.map((each) => `    - ${deliveryText(each)}`),
    '',
  ].join('\n');
}

/** One entry of `deliverTo`, in flow style. */
export function deliveryText({ backend, path, contents, keystore }: AdoptedDelivery): string {
  const packed =
    keystore === undefined
      ? ''
      : `format: ${keystore.format}, ${keystore.alias === null ? '' : `alias: ${yamlText(keystore.alias)}, `}passwordFile: ${yamlText(keystore.passwordFile)}, `;
  return `{ backend: ${backend}, path: ${yamlText(path)}, ${packed}contents: [${contents.join(', ')}] }`;
}

function specOf(
  held: Held,
  choice: AdoptionChoice,
): { readonly fields: readonly Field[]; readonly leftOut: readonly string[] } {
  const leftOut: string[] = [];
  /** Those that the schema takes. */
  const fit = (format: string, values: readonly string[]): readonly string[] =>
    [...new Set(values)].filter((value) => {
      const isFit = checkFormat(format, value) === undefined;
      if (!isFit) leftOut.push(value);
      return isFit;
    });
  const list = (name: string, values: readonly string[]): readonly Field[] =>
    values.length === 0 ? [] : [[name, values]];
  const key = held.kind === 'Certificate' ? certificateKey(held) : sshKey(held, choice);
  const renewal: readonly Field[] =
    choice.issuer === null ? [['renewal', '{ by: machine }']] : [['issuer', choice.issuer]];
  const common: readonly Field[] = [...key, ...duration(held, choice), ...renewal];
  switch (held.kind) {
    case 'Certificate': {
      const { subjectAltNames = [], extendedKeyUsages = [] } = held.certificate.facts;
      const ofKind = (kind: string) =>
        subjectAltNames.filter((each) => each.kind === kind).map(({ value }) => value);
      const names = fit('dns-name', ofKind('dns'));
      const { subject } = held.facts;
      const isImplied = subject === '' || subject === `CN=${names[0]}`;
      return {
        fields: [
          ...(isImplied ? [] : [['subject', yamlText(subject)] as const]),
          ...list('dnsNames', names),
          ...list('ipAddresses', fit('ip-address', ofKind('ip'))),
          ...list('uris', fit('uri', ofKind('uri'))),
          ...list('emailAddresses', fit('email', ofKind('email'))),
          ...list(
            'usages',
            extendedKeyUsages.filter((usage) => USAGES.includes(usage)),
          ),
          ...common,
        ],
        leftOut,
      };
    }
    case 'SshKey':
      return {
        fields: [...(isHostKey(choice.publicKey) ? [['usage', 'host'] as const] : []), ...common],
        leftOut,
      };
    case 'SshCertificate': {
      const { certificate, fields } = held.key;
      const { extensions = [], criticalOptions = [] } = fields ?? {};
      const options = criticalOptions.filter(({ name }) => name === 'force-command');
      return {
        fields: [
          ['type', certificate?.kind === 'host' ? 'host' : 'user'],
          ...list('principals', fit('ssh-principal', certificate?.principals ?? [])),
          ...(options.length === 0
            ? []
            : [['criticalOptions', `{ force-command: ${yamlText(options[0]?.value ?? '')} }`] as const]),
          ...list(
            'extensions',
            extensions.map(({ name }) => name).filter((name) => SSH_EXTENSIONS.includes(name)),
          ),
          ...common,
        ],
        leftOut: [
          ...leftOut,
          ...criticalOptions.filter((each) => !options.includes(each)).map(({ name }) => name),
        ],
      };
    }
    default:
      return held satisfies never;
  }
}

function isHostKey(file: string | null): boolean {
  return /(?:^|\/)ssh_host_[^/]*$/.test(file ?? '');
}

function algorithmOf({ facts }: Held): readonly string[] {
  const known = KEY_ALGORITHMS.find((each) => each === facts.keyAlgorithm);
  return known === undefined ? [] : [`algorithm: ${known}`];
}

function certificateKey(held: Held): readonly Field[] {
  const parts = algorithmOf(held);
  return parts.length === 0 ? [] : [['key', `{ ${parts.join(', ')} }`]];
}

/** The key stays where it is: only its public half is ever read. */
function sshKey(held: Held, { publicKey }: AdoptionChoice): readonly Field[] {
  const parts = [
    ...algorithmOf(held),
    ...(publicKey === null ? [] : ['origin: machine', `publicKey: ${yamlText(publicKey)}`]),
  ];
  return parts.length === 0 ? [] : [['key', `{ ${parts.join(', ')} }`]];
}

/** What it was really issued for, in whole days; no longer than its next issuer allows. */
function duration({ facts, kind }: Held, { maximumSeconds }: AdoptionChoice): readonly Field[] {
  if (kind === 'SshKey' || facts.notAfter === NO_END) return [];
  // The last second counts (RFC 5280, 4.1.2.5), so most lack one.
  const real = (Date.parse(facts.notAfter) - Date.parse(facts.notBefore)) / 1000 + 1;
  const seconds = Math.min(real, maximumSeconds ?? real);
  if (!(seconds > 0)) return [];
  return [['duration', formatDuration(seconds < DAY ? seconds : Math.round(seconds / DAY) * DAY)]];
}

function written(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : `[${value.map(yamlText).join(', ')}]`;
}

/** What stands in a comment ends with its line, whoever chose the words. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .slice(0, 300);
}

/** Names to try, best first: what the credential names, then its file. */
export function nameCandidates(held: Held, files: readonly string[]): readonly string[] {
  const file =
    files[0]
      ?.split('/')
      .at(-1)
      ?.replace(/(?:-cert)?\.[^.]*$/, '') ?? '';
  if (held.kind !== 'Certificate')
    return [held.comment.split('@')[0] ?? '', file].filter((each) => each !== '');
  const sans = held.certificate.facts.subjectAltNames ?? [];
  const first = sans.find(({ kind }) => kind === 'dns' || kind === 'uri')?.value;
  const names = [commonName(held.facts.subject), first, file].filter((each) => each !== undefined);
  return names.map((name) => name.replace(/^\*\./, 'wildcard-').replace(/^[a-z]+:\/\//, ''));
}
