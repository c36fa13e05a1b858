import type {
  Backend,
  CertificateAuthority,
  IssuedCertificate,
  IssueOutcome,
} from '../../../backends/contract.ts';
import { BackendError } from '../../../backends/errors.ts';
import { certificateFacts } from '../../../core/credential/certifiedKey.ts';
import { toHex } from '../../../core/credential/octets.ts';
import { encodePem } from '../../../core/credential/pem.ts';
import type { KeyChoice, TaskOf } from '../../../core/lifecycle/task.ts';
import type { Services } from '../services.ts';
import { signerFor } from '../steps/keyInHand.ts';
import { plannedRequest } from '../steps/readRequest.ts';
import type { StepContext } from '../steps/step.ts';
import { type CredentialIssuer, driven, type MadeCredential, offered, requestBase } from './issuer.ts';
import { lifetimeOf, requestOf } from './taskRequest.ts';

/** X.509 certificates from a certificate authority, over a request that is signed wherever the key is. */
export function certificateIssuer(
  { authority, name }: Backend,
  { hasher }: Services,
): CredentialIssuer | undefined {
  if (authority === undefined) return undefined;
  const fingerprintOf = (der: Uint8Array) => toHex(hasher.hash('sha256', der));
  const read = (issued: IssuedCertificate, requestId: string): MadeCredential => {
    const [leaf] = issued.chain;
    const facts = leaf === undefined ? undefined : certificateFacts(leaf, hasher);
    if (facts === undefined) throw noCertificate(name, requestId);
    return {
      facts,
      publicText: issued.chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
      anchorText: issued.root === undefined ? null : encodePem('CERTIFICATE', issued.root),
      secret: null,
    };
  };
  async function makeWithKey(
    task: TaskOf<'issue'>,
    { algorithm }: KeyChoice,
    context: StepContext,
    signal: AbortSignal,
  ): Promise<IssueOutcome<MadeCredential>> {
    const { serviceKeys } = authority ?? {};
    if (serviceKeys === undefined) throw makesNoKeys(name);
    const { names, usages } = requestOf(task, 'Certificate');
    const durationSeconds = lifetimeOf(task);
    const base = requestBase(task, context);
    const request = { ...base, names, usages, durationSeconds, keyAlgorithm: algorithm };
    const outcome = await serviceKeys.issueWithKey(request, signal);
    if (outcome.state === 'pending') return outcome;
    const { pkcs8, ended } = outcome.made;
    const made = { ...read(outcome.made, task.requestId), secret: pkcs8 };
    return { state: 'issued', made: ended.length === 0 ? made : { ...made, told: endedText(name, ended) } };
  }

  return {
    ...driven(authority, ({ chain: [leaf], root }) => ({
      facts: leaf === undefined ? undefined : certificateFacts(leaf, hasher),
      companions: root === undefined ? [] : [fingerprintOf(root)],
    })),
    facts: offered(authority, {
      kinds: ['Certificate'],
      keyAlgorithms: authority.keyAlgorithms,
      serviceKeyAlgorithms: authority.serviceKeys?.keyAlgorithms ?? [],
      usages: authority.usages,
    }),
    async make(task, context, signal) {
      if (task.key?.origin === 'service') return makeWithKey(task, task.key, context, signal);
      const outcome = await issue(authority, task, context, signal);
      return outcome.state === 'pending'
        ? outcome
        : { state: 'issued', made: read(outcome.made, task.requestId) };
    },
    async made(task, signal) {
      const entry = await authority.find({ requestId: task.requestId }, signal);
      return entry === undefined ? undefined : read(entry, task.requestId);
    },
  };
}

async function issue(
  authority: CertificateAuthority,
  task: TaskOf<'issue'>,
  context: StepContext,
  signal: AbortSignal,
) {
  const { names, usages } = requestOf(task, 'Certificate');
  const csr = await certificationRequest(task, context, signal);
  const durationSeconds = lifetimeOf(task);
  return authority.issue({ ...requestBase(task, context), csr, names, usages, durationSeconds }, signal);
}

/** The request to sign: the machine's own, or one made here and signed wherever the key is. */
async function certificationRequest(
  task: TaskOf<'issue'>,
  context: StepContext,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const own = await plannedRequest(task.generation, context);
  if (own?.csr !== undefined && own.csr !== null) return own.csr;
  const signer = await signerFor(task, context, signal);
  // Loaded here, not above: the builder brings ASN.1 classes along that reading and planning do without.
  const { buildCertificateRequest } = await import('../../../core/credential/build/certificateRequest.ts');
  return buildCertificateRequest({ names: requestOf(task, 'Certificate').names, signer }, signal);
}

function endedText(backend: string, ended: readonly string[]): string {
  const [what, was] = ended.length === 1 ? ['certificate', 'was'] : ['certificates', 'were'];
  return `The answer of an earlier try was lost, and its key with it: ${what} ${ended.join(', ')} of ${backend} ${was} revoked, and another was issued under the same request.`;
}

function makesNoKeys(backend: string): BackendError {
  return new BackendError({
    kind: 'unsupported',
    what: `${backend} does not make keys for others.`,
    hint: 'Undo with `idac resume --undo`, and set spec.key.origin to machine, store or engine.',
  });
}

function noCertificate(backend: string, requestId: string): BackendError {
  return new BackendError({
    kind: 'internal',
    what: `${backend} answered request ${requestId} with something that is no certificate.`,
    hint: 'Look at the authority for that request, then undo with `idac resume --undo`.',
    mayHaveActed: true,
  });
}
