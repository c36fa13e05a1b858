import type { InspectContext } from '../../core/credential/inspect/place.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { IdentityRecord } from '../../core/lifecycle/record.ts';
import type { Hasher, SignatureVerifier } from '../../core/ports.ts';
import type { FoundReport } from './foundApi.ts';
import type { Knowledge } from './knownFor.ts';

/** One look at a folder, with all that adopting rests on. */
export interface Look {
  readonly root: string;
  readonly report: FoundReport;
  readonly index: ProjectIndex;
  readonly records: ReadonlyMap<string, IdentityRecord>;
  readonly knowledge: Knowledge;
  readonly sshKeys: readonly { readonly file: string; readonly sshFingerprint: string }[];
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
  readonly now: Date;
  readonly context: InspectContext;
  /** Undefined: it is gone, or out of reach. */
  read(file: string): Promise<Uint8Array | undefined>;
}
