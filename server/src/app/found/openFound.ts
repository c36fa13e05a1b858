import type { ProjectFiles } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import { encodeUtf8 } from '../../core/credential/charset.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { declarationOf, specDigestOf } from '../../core/lifecycle/declarationOf.ts';
import type { AdoptedEvent } from '../../core/lifecycle/event.ts';
import { type IdentityRecord, isAdopted, isLive, reduceRecord } from '../../core/lifecycle/record.ts';
import type { IdSource } from '../../core/lifecycle/sortableId.ts';
import type { NewEvent, StateStore } from '../../core/lifecycle/stateStore.ts';
import type { Clock, Hasher, SignatureVerifier } from '../../core/ports.ts';
import { Secret } from '../../core/secret.ts';
import { nodeDecryptor } from '../../platform/crypto/decryptor.ts';
import type { Git } from '../../platform/git/git.ts';
import { identityIn } from '../declarations.ts';
import { readProjectRecords } from '../projectRecords.ts';
import type { Workspace } from '../workspace.ts';
import type { AdoptionPlan, AdoptRequest, Found, FoundReport } from './foundApi.ts';
import { certManagerGroups, foundItems, observedKnowledge } from './foundItems.ts';
import { knowledgeOf } from './knownFor.ts';
import type { Look } from './look.ts';
import { openLookAround } from './lookAround.ts';
import { type PlannedAdoption, planAdoption } from './planAdoption.ts';

export interface FoundOptions {
  readonly root: string;
  readonly trusted: boolean;
  readonly workspace: Workspace;
  /** The manifests have been read. */
  readonly scanned: (signal: AbortSignal) => Promise<void>;
  /** Of a face that keeps them read; undefined: they are read for each look. */
  readonly knownRecords: () => ReadonlyMap<string, IdentityRecord> | undefined;
  readonly store: StateStore;
  readonly files: ProjectFiles;
  readonly git: Git | undefined;
  readonly clock: Clock;
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
  readonly newId: IdSource;
  readonly actor: { readonly name: string; readonly tool: string };
}

/** What lies in a folder, and how it gets manifests and a record. */
export function openFound(options: FoundOptions): Found {
  const { root, trusted, workspace, store, files, git, clock, hasher, verifier } = options;
  const lookAround = openLookAround(root, () => ({
    hasher,
    verifier,
    decryptor: nodeDecryptor,
    now: clock.now(),
  }));
  let planned: readonly PlannedAdoption[] = [];

  const look = async (signal: AbortSignal): Promise<Look> => {
    await options.scanned(signal);
    const looked = await lookAround(signal);
    const index = workspace.index();
    const records = options.knownRecords() ?? (await readProjectRecords(store, signal)).recordsFor(index);
    const now = clock.now();
    const groups = [...looked.groups, ...certManagerGroups(index)];
    const names = new Set(groups.flatMap((group) => group.files.map(({ file }) => file)));
    const knowledge = await knowledgeOf(index, records, names, signal);
    const secret = groups.flatMap((group) =>
      group.files
        .filter(({ holds }) => holds.includes('private key') || holds.includes('key store'))
        .map(({ file }) => file),
    );
    const standing = (await git?.standingOf([...new Set(secret)], signal)) ?? new Map();
    return {
      root,
      report: { items: foundItems(groups, observedKnowledge(knowledge), standing, now), cut: looked.cut },
      index,
      records,
      knowledge,
      sshKeys: looked.files.flatMap(({ file, items }) =>
        items.flatMap(({ sshFingerprint }) => (sshFingerprint === null ? [] : [{ file, sshFingerprint }])),
      ),
      hasher,
      verifier,
      now,
      context: { hasher, verifier, decryptor: nodeDecryptor, now },
      read: async (file) => (await files.read(file).catch(() => undefined))?.bytes.reveal(),
    };
  };

  const refuseUntrusted = (): void => {
    if (trusted) return;
    throw new BackendError({
      kind: 'forbidden',
      what: 'This workspace is not trusted, so nothing in it is adopted.',
      hint: 'Trust the workspace first, if you know where it comes from.',
    });
  };

  return {
    look: async (signal): Promise<FoundReport> => (await look(signal)).report,
    async plan(request: AdoptRequest, signal): Promise<AdoptionPlan> {
      refuseUntrusted();
      const plan = await planAdoption(request, await look(signal), signal);
      planned = plan.adoptions;
      return {
        adoptions: plan.adoptions.map(
          ({ held: _held, files: _files, issuedBy: _issuedBy, ...shown }) => shown,
        ),
        refused: plan.refused,
      };
    },
    async write({ adoptions }, signal) {
      refuseUntrusted();
      const written: string[] = [];
      for (const { file, text, writes } of adoptions) {
        if (!writes) continue;
        signal.throwIfAborted();
        await files.write(file, new Secret(encodeUtf8(text)), { ifVersion: null, isPrivate: false });
        await workspace.reload(file);
        written.push(file);
      }
      return written;
    },
    async record(signal) {
      refuseUntrusted();
      const wanted = planned;
      planned = [];
      const recorded: IdentityId[] = [];
      for (const adoption of wanted) {
        signal.throwIfAborted();
        // The person may have left some out, or changed their text, before they were saved.
        await workspace.reload(adoption.file);
        if (await record(adoption, options, signal)) recorded.push(adoption.identity);
      }
      if (recorded.length > 0) await store.settle(signal);
      return recorded;
    },
  };
}

/** False: no manifest that can be used declares it, so there is nothing to record. */
async function record(
  { identity, held, files, issuedBy }: PlannedAdoption,
  { workspace, store, clock, hasher, newId, actor }: FoundOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const index = workspace.index();
  const resource = identityIn(index, identity);
  if (resource === undefined || !resource.usable) return false;
  const before = await store.read(identity, signal);
  const live = reduceRecord(before.events).generations.filter(isLive);
  const { fingerprintSha256 } = held.facts;
  // Its manifest was removed and came back: the record knows it still.
  if (live.some(({ credential }) => credential.fingerprintSha256 === fingerprintSha256)) return true;
  const former = live.filter(isAdopted);
  const generation = newId();
  const at = clock.now().toISOString();
  const base = { schemaVersion: 1 as const, at, identity, actor, planId: newId() };
  const adopted: Omit<AdoptedEvent, 'chain'> = {
    ...base,
    type: 'adopted',
    id: newId(),
    generation,
    backend: issuedBy,
    credential: held.facts,
    publicText: held.publicText,
    files,
    replaces: former.map(({ id }) => id),
    specDigest: specDigestOf(declarationOf(resource, index), hasher),
    declaredIn: resource.file,
  };
  const events: NewEvent[] = [
    adopted,
    ...former.map(
      ({ id }): NewEvent => ({ ...base, type: 'superseded', id: newId(), generation: id, by: generation }),
    ),
  ];
  await store.append(identity, events, before.head, signal);
  return true;
}
