import type { CertificateAuthority, IssuedCertificate } from '../../../backends/contract.ts';
import { BackendError } from '../../../backends/errors.ts';
import { certificateFacts } from '../../../core/credential/certificate.ts';
import { encodePem } from '../../../core/credential/pem.ts';
import type { TaskOf } from '../../../core/lifecycle/task.ts';
import type { Signer } from '../../../core/ports.ts';
import { softwareSigner } from '../../../platform/crypto/softwareKeys.ts';
import { noKeyStore } from './makeKey.ts';
import { readPlannedRequest } from './readRequest.ts';
import { stagedKey } from './stagedKey.ts';
import type { Step, StepContext, StepRun } from './step.ts';
import { eventOf } from './step.ts';

type IssueTask = TaskOf<'issue'>;

export async function authorityOf(
  context: Pick<StepContext, 'services'>,
  backend: string,
  signal: AbortSignal,
): Promise<CertificateAuthority> {
  const { authority } = await context.services.backends.open(backend, signal);
  if (authority !== undefined) return authority;
  throw new BackendError({
    kind: 'unsupported',
    what: `Backend ${backend} is no certificate authority.`,
    hint: 'Name a backend with the role CertificateAuthority in spec.issuer.',
  });
}

/** The request to sign: the machine's own, or one made here and signed wherever the key is. */
async function requestFor(task: IssueTask, context: StepContext, signal: AbortSignal): Promise<Uint8Array> {
  const { key, generation } = task;
  if (key.origin === 'machine') {
    const read = context.view.action.tasks.find(
      (other) => other.verb === 'read-request' && other.generation === generation,
    );
    if (read?.verb === 'read-request') return readPlannedRequest(read, context);
  }
  const signer = await signerFor(task, context, signal);
  // Loaded here, not above: the builder brings an X.509 library along that reading and planning do without.
  const { buildCertificateRequest } = await import('../../../core/credential/build/certificateRequest.ts');
  return buildCertificateRequest({ names: task.names, signer }, signal);
}

async function signerFor(task: IssueTask, context: StepContext, signal: AbortSignal): Promise<Signer> {
  const { key, generation } = task;
  if (key.store !== undefined && key.keyId !== undefined) {
    const { keys } = await context.services.backends.open(key.store, signal);
    if (keys === undefined) throw noKeyStore(key.store);
    return keys.signer(key.keyId, signal);
  }
  return softwareSigner(await stagedKey(context, generation), key.algorithm);
}

function acted(task: IssueTask, context: StepContext, issued: IssuedCertificate): StepRun {
  const [leaf] = issued.chain;
  const facts = leaf === undefined ? undefined : certificateFacts(leaf, context.services.hasher);
  if (facts === undefined) {
    return {
      state: 'unknown',
      what: `${task.backend} answered request ${task.requestId} with something that is no certificate.`,
      hint: 'Look at the authority for that request, then undo with `idac resume --undo`.',
    };
  }
  const chainPem = issued.chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  const { key } = task;
  return {
    state: 'acted',
    outcome: {
      verb: 'issue',
      certificate: facts,
      chainPem,
      rootPem: issued.root === undefined ? null : encodePem('CERTIFICATE', issued.root),
    },
    events: [
      eventOf(context, task, task.eventId, {
        type: 'issued',
        backend: task.backend,
        certificate: facts,
        chainPem,
        key: {
          origin: key.origin,
          algorithm: key.algorithm,
          ...(key.store === undefined ? {} : { store: key.store }),
          ...(key.keyId === undefined ? {} : { keyId: key.keyId }),
        },
        replaces: task.replaces,
        specDigest: task.specDigest,
        declaredIn: task.declaredIn,
      }),
    ],
  };
}

/** Has the certificate signed. The request id makes it one certificate, however often this runs. */
export const issue: Step<'issue'> = {
  async run(task, context, signal) {
    const authority = await authorityOf(context, task.backend, signal);
    if (context.resumed) {
      const made = await authority.find({ requestId: task.requestId }, signal);
      if (made !== undefined) return acted(task, context, made);
    }
    const csr = await requestFor(task, context, signal);
    const outcome = await authority.issue(
      {
        requestId: task.requestId,
        identity: context.identity,
        ...(task.machine === null ? {} : { machine: task.machine }),
        csr,
        names: task.names,
        usages: task.usages,
        durationSeconds: task.durationSeconds,
      },
      signal,
    );
    if (outcome.state === 'pending') return { state: 'pending', retryAt: outcome.retryAt, why: outcome.why };
    return acted(task, context, outcome.made);
  },

  /** A certificate cannot be unmade: it is revoked, unused, and the record says that it is to be forgotten. */
  async undo(task, context, signal) {
    const authority = await authorityOf(context, task.backend, signal);
    const made = await authority.find({ requestId: task.requestId }, signal);
    if (made === undefined) return [];
    const revoked = await authority.revoke(made.serialNumber, 'cessationOfOperation', signal);
    await authority.publish?.(signal);
    const { newId } = context.services;
    const recorded = context.view.events.some((event) => event.id === task.eventId);
    const issued = acted(task, context, made);
    return [
      ...(recorded || issued.state !== 'acted' ? [] : issued.events),
      eventOf(context, task, newId(), {
        type: 'revoked',
        backend: task.backend,
        serialNumber: made.serialNumber,
        reason: revoked.reason,
        revokedAt: revoked.at,
      }),
      eventOf(context, task, newId(), { type: 'forgotten', why: 'the action that made it was undone' }),
    ];
  },
};
