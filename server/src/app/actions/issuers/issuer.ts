import type { IssuanceRequest, IssueOutcome, Issuer, LedgerFacts } from '../../../backends/contract.ts';
import { formatIdentity, type IdentityId } from '../../../core/identity/identityId.ts';
import type { CredentialFacts } from '../../../core/lifecycle/event.ts';
import type { IssuerFacts } from '../../../core/lifecycle/planning/facts.ts';
import type { TaskOf } from '../../../core/lifecycle/task.ts';
import type { Secret } from '../../../core/secret.ts';
import type { StepContext } from '../steps/step.ts';

/** What an issuer made: its public facts, its public text, and what a relying party trusts it by. */
export interface MadeCredential {
  readonly facts: CredentialFacts;
  /** As `IssuedEvent.publicText`. */
  readonly publicText: string;
  /** The root (PEM), or the key of the SSH authority (its line); null where there is none, or it is not told. */
  readonly anchorText: string | null;
  /** Shown once, when it is made: a token, or the key that the authority made (DER PrivateKeyInfo). */
  readonly secret: Secret<Uint8Array> | null;
  /** What a person should know of how it was made. */
  readonly told?: string;
}

/** A line of an issuer's list. */
export interface IssuedLine extends LedgerFacts {
  /** What it knows of the credential; undefined when that cannot be read. */
  readonly facts: Partial<CredentialFacts> | undefined;
  /** Fingerprints of what a delivery of it may begin with besides: a root, the key of an authority, the plain key. */
  readonly companions: readonly string[];
}

/** A backend in the role that makes credentials of one kind, as the engine drives it whatever the kind. */
export interface CredentialIssuer extends Pick<Issuer, 'revoke' | 'status' | 'publish'> {
  readonly facts: IssuerFacts;
  /** Idempotent by the task's request id. */
  make(
    task: TaskOf<'issue'>,
    context: StepContext,
    signal: AbortSignal,
  ): Promise<IssueOutcome<MadeCredential>>;
  /** What it made for the task before. A secret that was shown then is not shown again. */
  made(task: TaskOf<'issue'>, signal: AbortSignal): Promise<MadeCredential | undefined>;
  /** Once that is revoked: ends what else the task may have left, where its answer was lost. */
  abandon?(task: TaskOf<'issue'>, signal: AbortSignal): Promise<void>;
  line(serialNumber: string, signal: AbortSignal): Promise<IssuedLine | undefined>;
  lines(identity: IdentityId, signal: AbortSignal): Promise<readonly IssuedLine[]>;
}

/** The part that all roles have in common, given how a line of the role's list is read. */
export function driven<Entry extends LedgerFacts>(
  role: Issuer<Entry>,
  read: (entry: Entry) => Pick<IssuedLine, 'facts' | 'companions'>,
): Omit<CredentialIssuer, 'facts' | 'make' | 'made'> {
  const lineOf = (entry: Entry): IssuedLine => {
    const { requestId, serialNumber, issuedAt, notAfter, identity, machine, revoked } = entry;
    return {
      requestId,
      serialNumber,
      issuedAt,
      notAfter,
      ...(identity === undefined ? {} : { identity }),
      ...(machine === undefined ? {} : { machine }),
      ...(revoked === undefined ? {} : { revoked }),
      ...read(entry),
    };
  };
  const { publish } = role;
  return {
    async line(serialNumber, signal) {
      const entry = await role.find({ serialNumber }, signal);
      return entry === undefined ? undefined : lineOf(entry);
    },
    lines: async (identity, signal) => (await role.issuedFor(identity, signal)).map(lineOf),
    revoke: (serialNumber, reason, signal) => role.revoke(serialNumber, reason, signal),
    status: (serialNumber, signal) => role.status(serialNumber, signal),
    ...(publish === undefined ? {} : { publish: (signal) => publish(signal) }),
  };
}

/** The facts that all roles tell in the same way. */
export function offered(
  role: Issuer,
  rest: Pick<IssuerFacts, 'kinds' | 'keyAlgorithms' | 'usages'> &
    Partial<Pick<IssuerFacts, 'serviceKeyAlgorithms'>>,
): IssuerFacts {
  return {
    serviceKeyAlgorithms: [],
    ...rest,
    revocationReasons: role.revocationReasons,
    maximumDurationSeconds: role.maximumDurationSeconds,
    defaultDurationSeconds: role.defaultDurationSeconds ?? null,
    publishes: role.publish !== undefined,
  };
}

/** Who bears it, in one word: for what the issuer's own logs show, and for a subject that nobody declared. */
export function bearerName({ identity, machine }: IssuanceRequest): string {
  return `${formatIdentity(identity)}${machine === undefined ? '' : `@${machine}`}`;
}

/** What every request says, from the task. */
export function requestBase(
  task: TaskOf<'issue'>,
  { identity }: Pick<StepContext, 'identity'>,
): IssuanceRequest {
  return {
    requestId: task.requestId,
    identity,
    ...(task.machine === null ? {} : { machine: task.machine }),
  };
}
