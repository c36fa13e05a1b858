import { UsageError } from '../../app/failure.ts';
import type { PathQuestion } from '../../app/inspect/judgePaths.ts';
import type { InspectInput, InspectReport } from '../../app/inspect.ts';
import { readPassphraseFile } from '../../app/unlock.ts';
import type { CredentialItem } from '../../core/credential/inspect/item.ts';
import { Secret } from '../../core/secret.ts';
import { plural } from '../../core/text/instant.ts';
import { command, type Surroundings } from '../command.ts';
import { exitCodeFor } from '../failOn.ts';
import { findingJson, rangeJson } from '../output/findingsJson.ts';
import { countsOf } from '../output/findingsText.ts';
import { inspectText, skippedText } from '../output/inspectText.ts';
import { json } from '../output/json.ts';
import { line, span } from '../output/text.ts';
import { askHidden } from '../prompt.ts';
import {
  BLOCKLIST,
  blockListOf,
  clockOf,
  FAIL_ON,
  FETCH,
  NOW,
  outsideOf,
  TEXT_OR_JSON,
} from '../sharedOptions.ts';

/** What standard input may hold; the same as a file. */
const LARGEST_INPUT = 64 * 1024 * 1024;

export const inspect = command({
  name: 'inspect',
  summary: 'decode and check credential files of any origin',
  details:
    'Reads PEM, DER, PKCS#7, PKCS#8, PKCS#12, certificate requests, revocation lists, OpenSSH, PuTTY, JWK and JWT; folders are searched. What cannot be read is a finding with its reason. - reads standard input. Private keys are named, never shown.',
  operands: { usage: 'FILE…', minimum: 1, maximum: Number.POSITIVE_INFINITY },
  examples: [
    'idac inspect tls/web.pem',
    'idac inspect /etc/ssl --format json',
    'openssl s_client -connect example.com:443 </dev/null | idac inspect -',
  ],
  options: {
    'password-file': {
      type: 'value',
      value: 'FILE',
      describe:
        'read the password of encrypted keys and PKCS#12 from FILE (instead of IDAC_PKCS12_PASSWORD or a prompt)',
    },
    trust: {
      type: 'list',
      value: 'FILE',
      describe: 'judge end certificates up to the trust anchors in FILE, as RFC 5280 says',
    },
    chain: { type: 'list', value: 'FILE', describe: 'with --trust: authorities that may stand between' },
    crl: { type: 'list', value: 'FILE', describe: 'with --trust: revocation lists' },
    ocsp: { type: 'list', value: 'FILE', describe: 'with --trust: OCSP answers' },
    ...FETCH,
    host: {
      type: 'value',
      value: 'NAME',
      describe: 'with --trust: the host or IP address that it must be for',
    },
    purpose: {
      type: 'value',
      value: 'PURPOSE',
      choices: ['server', 'client', 'code-signing', 'any'],
      default: 'any',
      describe: 'with --trust: what it must be for',
    },
    profile: {
      type: 'value',
      value: 'PROFILE',
      choices: ['path', 'rfc5280', 'webpki'],
      default: 'path',
      describe:
        'with --trust: what is asked of each certificate: what a path needs, what RFC 5280 wants of a conforming authority, or what browsers want besides',
    },
    lint: {
      type: 'value',
      value: 'PROFILE',
      choices: ['auto', 'none', 'rfc5280', 'tls-public', 'code-signing', 'email-public', 'device', 'spiffe'],
      default: 'auto',
      describe:
        'by whose rules certificates are linted: those of RFC 5280 and of what the certificate says that it is (auto), or those of a profile with its hints',
    },
    krl: {
      type: 'list',
      value: 'FILE',
      describe:
        'look for SSH keys and certificates in a key revocation list, or in a list of revoked keys one a line',
    },
    ...BLOCKLIST,
    ...TEXT_OR_JSON,
    ...FAIL_ON,
    ...NOW,
  },
  async run(invocation) {
    const { options, operands, terminal, environment, cwd, signal } = invocation;
    const { inspectFiles } = await import('../../app/inspect.ts');
    const now = (clockOf(options.now) ?? { now: () => new Date() }).now();
    const question = questionOf(options);
    const inputs = await readInputs(operands);
    const read = (password: Secret<string> | undefined) =>
      inspectFiles(
        inputs,
        {
          now,
          cwd,
          ...blockListOf(options, environment),
          ...(password === undefined ? {} : { password }),
          ...(question === undefined ? {} : { question }),
          ...(options.lint === 'none' ? {} : { lint: options.lint }),
          revokedKeys: options.krl,
        },
        signal,
      );
    const given = await givenPassword(environment, options['password-file']);
    const report = await unlockedReport(await read(given), given, read, invocation);
    const findings = report.items.flatMap((item) => item.findings);

    if (options.format === 'json') {
      terminal.data(
        json({
          items: report.items.map((item) => ({
            ...itemJson(item),
            ...(item.fingerprintSha256 === null ? {} : report.judged.get(item.fingerprintSha256)),
          })),
          shared: report.shared,
          skipped: report.skipped,
          leftOut: report.leftOut,
        }),
      );
    } else {
      terminal.out(inspectText(report, now, terminal.columns));
      terminal.out([
        line(...countsOf(findings), span(` in ${plural(report.items.length, 'credential')}`, 'quiet')),
      ]);
      terminal.err(skippedText(report, terminal.columns));
    }
    return exitCodeFor(findings, options['fail-on']);
  },
});

function questionOf(options: {
  readonly trust: readonly string[];
  readonly chain: readonly string[];
  readonly crl: readonly string[];
  readonly ocsp: readonly string[];
  readonly host: string | undefined;
  readonly purpose: PathQuestion['purpose'];
  readonly profile: PathQuestion['profile'];
  readonly fetch: boolean;
  readonly 'fetch-from': readonly string[];
  readonly refresh: boolean;
}): PathQuestion | undefined {
  const { trust, chain, crl, ocsp, host, purpose, profile } = options;
  const outside = outsideOf(options);
  if (trust.length > 0) return { trust, chain, crls: crl, answers: ocsp, host, purpose, profile, outside };
  if (
    outside !== undefined ||
    chain.length + crl.length + ocsp.length > 0 ||
    host !== undefined ||
    purpose !== 'any' ||
    profile !== 'path'
  )
    throw new UsageError(
      'Nothing is said of whom to trust',
      'Name the file with the trust anchors: --trust FILE. No store of this machine is asked.',
    );
  return undefined;
}

async function readInputs(operands: readonly string[]): Promise<readonly InspectInput[]> {
  if (operands.filter((each) => each === '-').length > 1) {
    throw new UsageError('Standard input can be read once', 'Name - once only.');
  }
  const inputs: InspectInput[] = [];
  for (const operand of operands)
    inputs.push(operand === '-' ? { path: '-', bytes: await readStandardInput() } : operand);
  return inputs;
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_INPUT) throw new UsageError('Standard input is larger than 64 MiB', 'Split it.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function givenPassword(
  environment: NodeJS.ProcessEnv,
  file: string | undefined,
): Promise<Secret<string> | undefined> {
  if (file !== undefined) return readPassphraseFile(file);
  const given = environment['IDAC_PKCS12_PASSWORD'];
  return given === undefined ? undefined : new Secret(given);
}

/** Where something stayed locked and a person is there, the password is asked for once. */
async function unlockedReport(
  report: InspectReport,
  given: Secret<string> | undefined,
  read: (password: Secret<string>) => Promise<InspectReport>,
  { terminal, signal }: Surroundings,
): Promise<InspectReport> {
  const locked = report.items.find(
    (item) => item.type === 'encrypted' || (item.encrypted && item.spkiSha256 === null),
  );
  if (locked === undefined || given !== undefined || !terminal.interactive) return report;
  const password = await askHidden(`Password of ${locked.file} (empty: leave it locked):`, signal);
  return password === undefined || password.reveal() === '' ? report : read(password);
}

function itemJson(item: CredentialItem): object {
  return { ...item, range: rangeJson(item.range), findings: item.findings.map(findingJson) };
}
