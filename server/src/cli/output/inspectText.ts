import type { JudgedPath } from '../../app/inspect/judgedPath.ts';
import type { InspectReport, SkippedFiles } from '../../app/inspect.ts';
import type { CredentialItem } from '../../core/credential/inspect/item.ts';
import { formatInstant, plural } from '../../core/text/instant.ts';
import { findingBlock, inOrder } from './findingsText.ts';
import { BLANK, indent, type Line, line, paragraph, type Span, span } from './text.ts';

/** Credentials by file, with what a person compares: who, until when, which key, which fingerprint. */
export function inspectText(
  { items, shared, judged }: InspectReport,
  now: Date,
  columns: number,
): readonly Line[] {
  const files = [...new Set(items.map((item) => item.file))];
  return [
    ...files.flatMap((file) => [
      line(span(file === '-' ? 'standard input' : file, 'strong')),
      ...items
        .filter((item) => item.file === file)
        .flatMap((item) => itemLines(item, judged.get(item.fingerprintSha256 ?? ''), now, columns)),
      BLANK,
    ]),
    ...shared.flatMap(({ spkiSha256, files: holders }) => [
      ...paragraph(line(span('one key  ', 'accent')), holders.join(', '), columns),
      line(span(`         ${spkiSha256}`, 'quiet')),
      BLANK,
    ]),
  ];
}

function itemLines(
  item: CredentialItem,
  judged: JudgedPath | undefined,
  now: Date,
  columns: number,
): readonly Line[] {
  const title = [item.type.replaceAll('-', ' '), ...(item.format === null ? [] : [` · ${item.format}`])].join(
    '',
  );
  const facts: readonly (readonly [string, string | null])[] = [
    ['subject', item.subject],
    ['issuer', item.issuer],
    ['names', item.subjectAltNames.map(({ value }) => value).join(', ')],
    item.type === 'ssh-revocation-list'
      ? ['made', item.notBefore === null ? null : formatInstant(item.notBefore)]
      : ['valid', validity(item)],
    ['serial', item.serialNumber],
    ['key', keyWords(item)],
    ['usages', [...item.extendedKeyUsages, ...item.keyUsages].join(', ')],
    ['authority', authorityWords(item)],
    ['asks with', item.attributes.map(({ oid, name }) => name ?? oid).join(', ')],
    ['encrypted', item.encryption ?? (item.encrypted ? 'yes' : null)],
    ['revoked', revokedWords(item)],
    ['SHA-256', item.fingerprintSha256 ?? item.sshFingerprint],
    ['key SHA-256', item.spkiSha256],
    ['path', judged === undefined ? null : pathWords(judged)],
    ['revocation', judged === undefined ? (item.sshRevocation?.status ?? null) : revocationWords(judged)],
  ];
  return [
    line(
      '  ',
      span(title, 'accent'),
      span(item.label === null ? '' : `  ${item.label}`, 'quiet'),
      ...statusOf(item, now),
    ),
    ...facts.flatMap(([name, value]) =>
      value === null || value === ''
        ? []
        : paragraph(line('    ', span(name.padEnd(12), 'quiet')), value, columns),
    ),
    ...indent(
      4,
      inOrder(item.findings).flatMap((finding) => findingBlock(finding, columns - 4)),
    ),
  ];
}

function pathWords({ path: { valid, chain } }: JudgedPath): string {
  const verdict = valid === true ? 'holds' : valid === false ? 'does not hold' : 'cannot be told';
  return `${verdict}: ${chain.join(' ← ')}`;
}

/** Of each certificate on the way where places were asked, and then by whom it is told. */
function revocationWords({ path: { statuses = [] }, revocation }: JudgedPath): string | null {
  if (revocation === null) return null;
  if (statuses.length === 0) return revocation.status;
  return statuses
    .map(({ subject, status, source, from, askedAt }, at) => {
      const by = source === null ? '' : ` by ${source === 'ocsp' ? 'OCSP' : 'a list'}`;
      const place = from === null || from === undefined ? '' : ` from ${from}`;
      const when = askedAt === null || askedAt === undefined ? '' : `, asked ${formatInstant(askedAt)}`;
      return `${at === 0 ? '' : `${subject}: `}${status}${by}${place}${when}`;
    })
    .join('; ');
}

function authorityWords({
  certificateAuthority,
  pathLength,
  nameConstraints,
}: CredentialItem): string | null {
  if (certificateAuthority !== true) return null;
  const below =
    pathLength === null ? [] : [`at most ${plural(pathLength, 'authority', 'authorities')} below it`];
  const names = (nameConstraints?.permitted ?? []).map(({ value }) => value);
  return ['yes', ...below, ...(names.length === 0 ? [] : [`only for ${names.join(', ')}`])].join(', ');
}

function statusOf(item: CredentialItem, now: Date): readonly Span[] {
  if (item.type !== 'certificate' || item.notAfter === null || item.daysLeft === null) return [];
  const left = item.daysLeft;
  if (Date.parse(item.notAfter) <= now.getTime())
    return [span(`  expired ${plural(Math.max(0, -left), 'day')} ago`, 'error')];
  if (item.notBefore !== null && Date.parse(item.notBefore) > now.getTime())
    return [span('  not valid yet', 'warning')];
  return [span(`  valid · ${plural(left, 'day')} left`, 'good')];
}

function validity({ notBefore, notAfter }: CredentialItem): string | null {
  if (notBefore === null && notAfter === null) return null;
  const show = (iso: string | null) => (iso === null ? '?' : formatInstant(iso));
  return `${show(notBefore)} to ${show(notAfter)}`;
}

function revokedWords({ revocationList, keyRevocationList }: CredentialItem): string | null {
  if (revocationList !== null) return plural(revocationList.entryCount, 'certificate');
  if (keyRevocationList === null) return null;
  return `${keyRevocationList.entryCount} by key or serial number, version ${keyRevocationList.version}`;
}

const FORMS = { seed: 'as its seed', expanded: 'expanded', both: 'seed and expanded' } as const;

function keyWords({
  keyAlgorithm,
  keyBits,
  private: isPrivate,
  privateKeyForm,
}: CredentialItem): string | null {
  if (keyAlgorithm === null) return null;
  const bits = keyBits === null || keyAlgorithm.includes(String(keyBits)) ? '' : `, ${keyBits} bits`;
  return `${keyAlgorithm}${bits}${isPrivate ? ', private' : ''}${privateKeyForm === null ? '' : `, ${FORMS[privateKeyForm]}`}`;
}

const WHY: Readonly<Record<keyof SkippedFiles, string>> = {
  noCredential: 'without a credential',
  sameFile: 'met twice',
  tooLarge: 'too large',
  special: 'devices or sockets',
  folders: 'folders not gone into',
};
/** Of each reason; the JSON names more of them. */
const NAMED = 5;

/** What was met in folders and gave nothing: never in silence, and by name. */
export function skippedText(
  { skipped, leftOut }: Pick<InspectReport, 'skipped' | 'leftOut'>,
  columns: number,
): readonly Line[] {
  return (Object.keys(WHY) as (keyof SkippedFiles)[]).flatMap((why) => {
    const count = skipped[why];
    if (count === 0) return [];
    const names = leftOut.filter((each) => each.why === why).slice(0, NAMED);
    const more = count - names.length;
    const shown = [...names.map(({ file }) => file), ...(more > 0 ? [`and ${more} more`] : [])];
    return paragraph(
      line(span(`left out, ${WHY[why]} (${count})  `, 'quiet')),
      shown.join(', '),
      columns,
      'quiet',
    );
  });
}
