/** Policies from outside of the project, as one reads them: bounded, checked, and each bound to where it comes from. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { ManifestFile } from '../../core/manifest/manifestFile.ts';
import { parseManifestFile } from '../../core/manifest/manifestFile.ts';
import type { PolicyResource } from '../../core/manifest/resource.ts';
import type { BoundPolicy, OutsideOrigin } from '../../core/policy/boundPolicy.ts';
import { formatReference, type PackReference } from '../../core/policy/packReference.ts';
import { shippedFolder } from '../shippedFolder.ts';
import { VERSION } from '../version.ts';
import { keptFolder, keptTexts } from './keptPacks.ts';
import { readPackage } from './packageTexts.ts';
import { PackError } from './packError.ts';
import { type PackText, packTexts } from './packTexts.ts';

export interface Pack {
  readonly origin: OutsideOrigin;
  readonly policies: readonly BoundPolicy[];
}

export interface PackPlace {
  /** Where fetched packs are kept. */
  readonly stateHome: string;
  /** Relative paths are seen from here. */
  readonly base: string;
}

/** Who named it: the project itself, or somebody that its authors do not decide for. */
export type NamedBy = NonNullable<OutsideOrigin['by']>;

/** Throws PackError where it cannot be had, or where a part of it cannot be read: half of a pack is no pack. */
export function readPack(reference: PackReference, by: NamedBy, place: PackPlace): Pack {
  const { label, folder, texts } = textsOf(reference, place);
  const digest = digestOf(texts);
  const origin: OutsideOrigin = { name: label, digest, folder, by };
  const policies = texts.flatMap(({ name, text }) => {
    const file = name === '' ? folder : `${folder}/${name}`;
    return policiesIn(parseManifestFile(file, text), label).map((resource) => ({ resource, origin }));
  });
  if (policies.length === 0)
    throw new PackError(`${label} holds no policy`, 'name what holds manifests of kind Policy');
  return { origin, policies };
}

/** The packs that ship with the program, by name. */
export function shippedPacks(): readonly string[] {
  return readdirSync(shippedFolder('packs'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

interface Texts {
  /** As people are told. */
  readonly label: string;
  /** What names in it are seen from, with forward slashes. */
  readonly folder: string;
  readonly texts: readonly PackText[];
}

function textsOf(reference: PackReference, { stateHome, base }: PackPlace): Texts {
  switch (reference.is) {
    case 'shipped': {
      const { name } = reference;
      const known = shippedPacks();
      if (!known.includes(name))
        throw new PackError(`there is no pack ${name}`, `there are ${known.join(', ')}`);
      const file = path.join(shippedFolder('packs'), `${name}.yaml`);
      return { label: `pack ${name} ${VERSION}`, folder: slashed(file), texts: packTexts(file, name) };
    }
    case 'git': {
      const kept = keptFolder(stateHome, reference);
      const { repository, commit, path: below } = reference;
      const within = below === '' ? '' : `:${below}`;
      return {
        label: `git ${repository}@${commit.slice(0, 12)}${within}`,
        folder: slashed(kept),
        texts: keptTexts(kept, formatReference(reference)),
      };
    }
    case 'package': {
      const file = path.resolve(base, reference.file);
      const { label, texts } = readPackage(file, reference.sha256);
      return {
        label: `package ${label ?? path.basename(file)} (sha256:${reference.sha256.slice(0, 12)})`,
        folder: slashed(file),
        texts,
      };
    }
    case 'path': {
      const whole = path.resolve(base, reference.path);
      return { label: reference.path, folder: slashed(whole), texts: packTexts(whole, reference.path) };
    }
    default:
      return reference satisfies never;
  }
}

function slashed(file: string): string {
  return file.replaceAll(path.sep, '/');
}

function policiesIn(file: ManifestFile, label: string): readonly PolicyResource[] {
  const error = file.findings.find(({ severity }) => severity === 'error');
  const ofOurs = file.documents.some(({ ours }) => ours);
  if (error !== undefined && ofOurs)
    throw new PackError(
      `${label} cannot be used: ${error.file}:${error.range.start.line + 1}: ${error.message}`,
      'its owners correct it; until then nothing is judged without it',
    );
  // The kind decides the type of the specification.
  return file.documents.flatMap(({ resource }) =>
    resource?.kind === 'Policy' ? [resource as unknown as PolicyResource] : [],
  );
}

/** Of all that is in it, under its name. */
function digestOf(texts: readonly PackText[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of texts) {
    const one = createHash('sha256').update(text).digest('hex');
    hash.update(`${one}  ${name}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}
