/** All policies that hold in a project and do not come from its manifests, and who says so. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { BoundPolicy } from '../../core/policy/boundPolicy.ts';
import { type PackReference, readPackReference } from '../../core/policy/packReference.ts';
import { errno } from '../../platform/disk/errno.ts';
import { PackError } from './packError.ts';
import { type NamedBy, type Pack, readPack } from './readPack.ts';

export interface OutsideOptions {
  readonly stateHome: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of `--policy`: relative paths are seen from `base`. */
  readonly given?: { readonly references: readonly string[]; readonly base: string } | undefined;
  /** Of the user's editor, unchecked; its setting is `idac.policies`. */
  readonly configured?: unknown;
  readonly systemFile?: string;
}

export interface OutsidePolicies {
  /** The same list until they are others. */
  of(index: ProjectIndex): readonly BoundPolicy[];
  /** Why some of it cannot be had: then no verdict counts. */
  readonly problems: readonly PackError[];
  /** All that this machine names, whether it can be had or not. */
  readonly references: readonly PackReference[];
}

const VARIABLE = 'IDAC_POLICIES';
const SETTING = 'the setting idac.policies';
const FILE = 'policies.json';
const SYSTEM_FILE = '/etc/idac/policies.json';
const EXAMPLE = '["pack:cabf-tls", "/etc/idac/policies"]';

interface Named {
  readonly text: string;
  readonly by: NamedBy;
  readonly base: string | undefined;
  readonly source: string;
}

/** Reads what is named, once. */
export function readOutsidePolicies(options: OutsideOptions): OutsidePolicies {
  const { stateHome, given } = options;
  const problems: PackError[] = [];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof PackError)) throw error;
      problems.push(error);
      return undefined;
    }
  };
  const named: readonly Named[] = [
    ...(given?.references ?? []).map((text) => ({
      text,
      by: 'invocation' as const,
      base: given?.base,
      source: '--policy',
    })),
    ...(attempt(() => ofMachine(options)) ?? []),
  ];
  const references: PackReference[] = [];
  const packs = named.flatMap(({ text, by, base, source }) => {
    const pack = attempt(() => {
      const reference = referenceOf(text, base, source);
      references.push(reference);
      return readPack(reference, by, { stateHome, base: base ?? '/' });
    });
    return pack ?? [];
  });
  const fixed = once(packs);
  const ofProjects = new Map<string, readonly BoundPolicy[]>();

  return {
    problems,
    references,
    of(index) {
      const project = index.project();
      const names = project?.usable === true ? (project.spec.packs ?? []) : [];
      if (names.length === 0) return fixed;
      const key = names.join();
      const known = ofProjects.get(key);
      if (known !== undefined) return known;
      const own = names.flatMap((name) => {
        // The schema allows those names alone that are shipped.
        const pack = attempt(() =>
          readPack({ is: 'shipped', name }, 'project', { stateHome, base: stateHome }),
        );
        return pack ?? [];
      });
      const all = once([...packs, ...own]);
      ofProjects.set(key, all);
      return all;
    },
  };
}

/** A pack that somebody else demands, too, is the stricter one of the two. */
function once(packs: readonly Pack[]): readonly BoundPolicy[] {
  const seen = new Set<string>();
  return packs
    .filter(({ origin: { name, digest = '' } }) => {
      const key = `${name}\0${digest}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .flatMap(({ policies }) => policies);
}

function referenceOf(text: string, base: string | undefined, source: string): PackReference {
  const read = readPackReference(text);
  if ('problem' in read) throw new PackError(`${source}: ${read.problem}`, read.hint);
  const { reference } = read;
  const file = reference.is === 'path' ? reference.path : reference.is === 'package' ? reference.file : '/';
  if (base === undefined && !path.isAbsolute(file))
    throw new PackError(
      `${source} names ${file}, which could be another file in each folder`,
      'write its absolute path',
    );
  return reference;
}

/** What this machine asks for, whatever folder is open: its user, or whoever runs it. */
function ofMachine({
  stateHome,
  env,
  configured,
  systemFile = SYSTEM_FILE,
}: OutsideOptions): readonly Named[] {
  const userFile = path.join(stateHome, FILE);
  const named = (texts: readonly string[], source: string): readonly Named[] =>
    texts.map((text) => ({ text, by: 'machine' as const, base: undefined, source }));
  return [
    ...named(listOf(configured ?? [], SETTING), SETTING),
    ...named(
      (env[VARIABLE] ?? '').split(/\s+/).filter((text) => text !== ''),
      VARIABLE,
    ),
    ...named(listIn(userFile), userFile),
    // What the administrator says only counts where nobody else could have written it.
    ...(isRootsAlone(systemFile) ? named(listIn(systemFile), systemFile) : []),
  ];
}

function listIn(file: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errno(error) === 'ENOENT') return [];
    throw new PackError(
      `${file} cannot be read (${errno(error) ?? 'unknown'})`,
      'check who owns it and its mode',
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PackError(`${file} is no JSON`, `write it as ${EXAMPLE}`);
  }
  return listOf(value, file);
}

function listOf(value: unknown, source: string): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new PackError(`${source} is no list of texts`, `write it as ${EXAMPLE}`);
}

function isRootsAlone(file: string): boolean {
  try {
    const { uid, mode } = statSync(file);
    return uid === 0 && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}
