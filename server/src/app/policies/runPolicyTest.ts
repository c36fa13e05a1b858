import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import { buildProjectIndex } from '../../core/identity/projectIndex.ts';
import { type ManifestFile, parseManifestFile } from '../../core/manifest/manifestFile.ts';
import { readPackReference } from '../../core/policy/packReference.ts';
import { runRules } from '../../core/rules/runRules.ts';
import { backendRoles } from '../../core/schema/backendRoles.ts';
import { userStateFolder } from '../../platform/disk/userState.ts';
import { UsageError } from '../failure.ts';
import { PackError } from './packError.ts';
import type { Expected, PolicyTest, Spot } from './policyTestFile.ts';
import { readPack } from './readPack.ts';

export interface TestFailure extends Spot {
  readonly message: string;
}

export interface TestPlace {
  /** Of the file of tests; absolute. */
  readonly folder: string;
  /** Files of the project that hold policies: they are tested, and its identities are left out. */
  readonly policyFiles: readonly ManifestFile[];
  readonly now: Date;
}

/** What of a test is not as it expects; nothing where it passes. */
export function runPolicyTest(
  test: PolicyTest,
  { folder, policyFiles, now }: TestPlace,
): readonly TestFailure[] {
  const given = [
    ...(test.manifests === '' ? [] : [parseManifestFile('manifests.identity.yaml', test.manifests)]),
    ...test.files.map((file) => parseManifestFile(file, textOf(path.resolve(folder, file), file))),
  ];
  const names = new Set(given.map((file) => file.path));
  const broken = given.flatMap(({ findings }) => findings).find(({ severity }) => severity === 'error');
  if (broken !== undefined)
    return [
      {
        line: test.line,
        column: test.column,
        message: `its manifests cannot be read: ${broken.file}:${broken.range.start.line + 1}: ${broken.message}`,
      },
    ];
  const stateHome = userStateFolder(process.env, process.platform);
  const policies = test.policies.flatMap((name) => {
    const read = readPackReference(name);
    if ('problem' in read) throw new PackError(read.problem, read.hint);
    return readPack(read.reference, 'invocation', { stateHome, base: folder }).policies;
  });
  const files = [...policyFiles.filter((file) => !names.has(file.path)), ...given];
  const index = buildProjectIndex(new Map(files.map((file) => [file.path, file])));
  const found = runRules(
    {
      index,
      now: test.now === undefined ? now : new Date(`${test.now}T00:00:00Z`),
      records: new Map(),
      policies,
      backendRoles: backendRoles(),
    },
    {},
  ).filter(({ file }) => names.has(file));
  const missed = test.expect.filter((expected) => !found.some((finding) => fits(expected, finding)));
  const present = test.absent.filter((expected) => found.some((finding) => fits(expected, finding)));
  const others = test.complete
    ? found
        .filter(({ policy }) => policy !== undefined)
        .filter((finding) => !test.expect.some((each) => fits(each, finding)))
    : [];
  return [
    ...missed.map((each) => ({
      ...spotOf(each),
      message: `was not found: ${wordsOf(each)}${nearTo(each, found)}`,
    })),
    ...present.map((each) => ({
      ...spotOf(each),
      message: `was found, and should not be: ${wordsOf(each)}`,
    })),
    ...others.map((finding) => ({
      ...spotOf(test),
      message: `was found besides: ${finding.severity} ${finding.rule} ${identityOf(finding)}: ${finding.message}`,
    })),
  ];
}

function fits({ rule, identity, severity, message }: Expected, finding: Finding): boolean {
  return (
    finding.rule === rule &&
    (identity === undefined || identity === identityOf(finding)) &&
    (severity === undefined || severity === finding.severity) &&
    (message === undefined || finding.message.includes(message))
  );
}

function identityOf({ identity }: Finding): string {
  return identity === undefined ? '' : formatIdentity(identity);
}

function wordsOf({ severity, rule, identity, message }: Expected): string {
  const words = [severity, rule, identity].filter((word) => word !== undefined).join(' ');
  return message === undefined ? words : `${words} with "${message}"`;
}

/** What the rule said instead. */
function nearTo({ rule }: Expected, found: readonly Finding[]): string {
  const same = found.filter((finding) => finding.rule === rule);
  const [first] = same;
  if (first === undefined) return `; ${rule} found nothing`;
  return `; instead: ${first.severity} ${identityOf(first)}: ${first.message}`;
}

function spotOf({ line, column }: Spot): Spot {
  return { line, column };
}

function textOf(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`there is no file ${shown}`, 'Files are seen from the folder of the test.');
  }
}
