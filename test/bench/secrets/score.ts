/** What a scanner found beside what was planted. */
import type { Label, Labels } from './corpus.ts';

export interface Finding {
  /** Relative to the corpus' folder, with forward slashes. */
  readonly file: string;
  readonly startLine: number;
  readonly endLine?: number;
}

export interface Share {
  readonly found: number;
  readonly of: number;
}

export interface Score {
  /** Planted secrets that some finding touches. */
  readonly recall: Share;
  readonly recallByFamily: ReadonlyMap<string, Share>;
  /** Findings that touch a planted secret. The same place counts once, however many rules name it. */
  readonly precision: Share;
  /** Clean files without a finding. */
  readonly leftAlone: Share;
  readonly leftAloneByFamily: ReadonlyMap<string, Share>;
  readonly misses: readonly Label[];
  readonly falseAlarms: readonly FalseAlarm[];
}

export interface FalseAlarm extends Finding {
  /** Family and kind of the file; of one that holds a secret elsewhere, that secret's. */
  readonly where: string;
}

const touches = (finding: Finding, { startLine, endLine }: Label): boolean =>
  finding.startLine <= endLine && (finding.endLine ?? finding.startLine) >= startLine;

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

function byFamily<T extends { readonly family: string }>(
  items: readonly T[],
  holds: (item: T) => boolean,
): ReadonlyMap<string, Share> {
  return new Map(
    [...grouped(items, ({ family }) => family)].map(([family, members]) => [
      family,
      { found: members.filter(holds).length, of: members.length },
    ]),
  );
}

/** Throws where a finding names a file that the corpus does not have: then paths are misread, and no figure would be true. */
export function score({ secrets, clean }: Labels, findings: readonly Finding[]): Score {
  const labels = grouped(secrets, ({ file }) => file);
  const cleanFiles = new Map(clean.map((each) => [each.file, each]));
  const places = new Map(
    findings.map((finding) => [
      `${finding.file}\n${finding.startLine}\n${finding.endLine ?? finding.startLine}`,
      finding,
    ]),
  );
  const distinct = [...places.values()];
  const found = new Set<Label>();
  const falseAlarms: FalseAlarm[] = [];
  for (const finding of distinct) {
    const inFile = labels.get(finding.file) ?? [];
    const hit = inFile.filter((label) => touches(finding, label));
    for (const label of hit) found.add(label);
    if (hit.length > 0) continue;
    const of = cleanFiles.get(finding.file) ?? inFile[0];
    if (of === undefined) throw new Error(`a finding in ${finding.file}, which is no file of the corpus`);
    falseAlarms.push({ ...finding, where: `${of.family}/${of.kind}` });
  }
  const flagged = new Set(distinct.map(({ file }) => file));
  const isFound = (label: Label): boolean => found.has(label);
  const isLeftAlone = ({ file }: { readonly file: string }): boolean => !flagged.has(file);
  return {
    recall: { found: found.size, of: secrets.length },
    recallByFamily: byFamily(secrets, isFound),
    precision: { found: distinct.length - falseAlarms.length, of: distinct.length },
    leftAlone: { found: clean.filter(isLeftAlone).length, of: clean.length },
    leftAloneByFamily: byFamily(clean, isLeftAlone),
    misses: secrets.filter((label) => !isFound(label)),
    falseAlarms,
  };
}
