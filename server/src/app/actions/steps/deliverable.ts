import type { DeliveredState } from '../../../backends/contract.ts';
import { toHex } from '../../../core/credential/octets.ts';
import { decodePem, encodePem } from '../../../core/credential/pem.ts';
import { splitChain } from '../../../core/credential/splitChain.ts';
import { encodeSshPrivateKey } from '../../../core/credential/ssh/encodePrivateKey.ts';
import { sshKeyLine } from '../../../core/credential/ssh/encodePublicKey.ts';
import { readSshKeyLines } from '../../../core/credential/ssh/keyLines.ts';
import { decodeSshKey } from '../../../core/credential/ssh/publicKey.ts';
import { formatIdentity } from '../../../core/identity/identityId.ts';
import { type DeliveryContent, isSecretContent } from '../../../core/lifecycle/deliveryContent.ts';
import type { DeliveryPlace } from '../../../core/lifecycle/task.ts';
import type { Hasher } from '../../../core/ports.ts';
import { Secret } from '../../../core/secret.ts';
import { nodeRandom } from '../../../platform/crypto/randomSource.ts';
import { publicKeyOf } from '../../../platform/crypto/softwareKeys.ts';
import { stagedKey, stagedToken } from './stagedSecret.ts';
import { type Issued, issuedIn, type StepContext, StepFailure } from './step.ts';

/** The text that goes to the place: PEM, a line as OpenSSH writes it, or the token. */
export async function contentOf(
  what: DeliveryContent,
  generation: string,
  context: StepContext,
): Promise<Secret<string>> {
  const issued = issuedIn(context.view, generation);
  switch (what) {
    case 'certificate':
      return new Secret(leafOf(issued.publicText));
    case 'chain':
      return new Secret(issued.publicText);
    case 'publicKey':
      return new Secret(publicKeyText(issued, context));
    case 'root':
    case 'authority':
      if (typeof issued.anchorText === 'string') return new Secret(issued.anchorText);
      throw new StepFailure(
        `The issuer does not tell its ${what === 'root' ? 'root' : 'key'}.`,
        `Remove ${what} from the contents of that delivery.`,
      );
    case 'privateKey':
      return privateKeyText(generation, context);
    case 'token':
      return stagedToken(context, generation);
    default:
      return what satisfies never;
  }
}

/** The first certificate alone; an SSH certificate is one line. */
function leafOf(publicText: string): string {
  const split = splitChain(publicText);
  return split === undefined ? publicText : `${split.leaf}\n`;
}

function isSsh(kind: string): boolean {
  return kind === 'SshKey' || kind === 'SshCertificate';
}

function publicKeyText({ publicText }: Issued, { identity, services }: StepContext): string {
  if (!isSsh(identity.kind)) return publicText;
  const blob = plainBlob(publicText, services.hasher);
  if (blob !== undefined) return `${sshKeyLine(blob, formatIdentity(identity))}\n`;
  throw new StepFailure('What was issued holds no SSH key.', 'Undo the action with `idac resume --undo`.');
}

/** The key of an SSH line without what certifies it, in wire format. */
function plainBlob(publicText: string, hasher: Hasher): Uint8Array | undefined {
  const [line] = readSshKeyLines(publicText, true);
  return line === undefined ? undefined : decodeSshKey(line.blob, hasher).value?.plain;
}

/** SSH programs of all ages read OpenSSH's own form; everything else reads PKCS#8. */
async function privateKeyText(generation: string, context: StepContext): Promise<Secret<string>> {
  const pkcs8 = await stagedKey(context, generation);
  if (!isSsh(context.identity.kind)) return pkcs8.map((der) => encodePem('PRIVATE KEY', der));
  const key = { pkcs8, spki: publicKeyOf(pkcs8), comment: formatIdentity(context.identity) };
  const text = encodeSshPrivateKey(key, nodeRandom);
  if (text !== undefined) return text;
  throw new StepFailure(
    'OpenSSH has no form for a private key of this algorithm.',
    'Choose another one in spec.key.algorithm.',
  );
}

/** Fingerprint of what is delivered under that name; undefined where it cannot be told from the record. */
function fingerprintOf(what: DeliveryContent, issued: Issued, hasher: Hasher): string | undefined {
  switch (what) {
    case 'root': {
      const root = decodePem(issued.anchorText ?? '')[0];
      return root === undefined ? undefined : toHex(hasher.hash('sha256', root.bytes));
    }
    case 'authority': {
      const [line] = readSshKeyLines(issued.anchorText ?? '', true);
      return line === undefined ? undefined : toHex(hasher.hash('sha256', line.blob));
    }
    case 'publicKey': {
      const blob = plainBlob(issued.publicText, hasher);
      return blob === undefined ? issued.credential.fingerprintSha256 : toHex(hasher.hash('sha256', blob));
    }
    case 'certificate':
    case 'chain':
    case 'token':
      return issued.credential.fingerprintSha256;
    case 'privateKey':
      return undefined;
    default:
      return what satisfies never;
  }
}

/** Whether what stands at the place is what this generation delivers there. */
export function standsThere(
  place: Pick<DeliveryPlace, 'contents' | 'keystore'>,
  issued: Issued,
  state: DeliveredState | undefined,
  hasher: Hasher,
): boolean {
  if (state === undefined || state.locked !== undefined) return false;
  const shown = place.contents.filter((what) => what === 'token' || !isSecretContent(what));
  // A key store has an order of its own: what belongs to the key comes first.
  const first = place.keystore === undefined ? shown[0] : (shown.find((what) => what !== 'root') ?? shown[0]);
  const expected = first === undefined ? undefined : fingerprintOf(first, issued, hasher);
  if (expected !== undefined && state.credentialSha256 !== expected) return false;
  return (
    !place.contents.includes('privateKey') || state.privateKeySpkiSha256 === issued.credential.spkiSha256
  );
}

/** What is said of a key store that cannot be opened. */
export function lockedText(
  { keystore }: Pick<DeliveryPlace, 'keystore'>,
  state: DeliveredState | undefined,
): string | undefined {
  if (state?.locked === undefined) return undefined;
  return `holds ${state.locked}${keystore === undefined ? '' : ` (password file ${keystore.passwordFile})`}`;
}
