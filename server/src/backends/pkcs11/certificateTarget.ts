import { certificateParts } from '../../core/credential/certificate.ts';
import { certificateFacts } from '../../core/credential/certifiedKey.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/credential/charset.ts';
import { concat, sameOctets, toHex } from '../../core/credential/octets.ts';
import { decodePem, encodePem } from '../../core/credential/pem.ts';
import { Secret } from '../../core/secret.ts';
import type { BackendContext, Target } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { acting, looking } from '../guard.ts';
import { checkPath } from '../secretPath.ts';
import { CKA, CKC, CKO } from './constants.ts';
import type { Template } from './host/protocol.ts';
import { findKeyObjects, pairsOf } from './keyObjects.ts';
import type { Connection, Token } from './token.ts';
import { TO_ITS_END } from './tokenKeys.ts';

/** A certificate object of the token. */
interface Kept {
  readonly handle: Uint8Array;
  readonly der: Uint8Array;
}

/** Longer labels are cut by some tokens. */
const LONGEST_LABEL = 255;

/**
 * The certificate beside its key, where programs that use the token look for it: under the same CKA_ID. The path is its
 * label. The new one is written before the old one is removed; what an interruption leaves of the old one goes with the
 * next delivery.
 */
export function certificateTarget(token: Token, { hasher }: BackendContext): Target {
  const versionOf = (kept: readonly Kept[]): string =>
    toHex(hasher.hash('sha256', concat(...kept.map(({ der }) => hasher.hash('sha256', der)))));

  /** Of several the one that was made last comes first. */
  async function find({ driver }: Connection, label: string, signal: AbortSignal): Promise<readonly Kept[]> {
    const found = await driver.call(
      'find',
      {
        template: [
          [CKA.class, CKO.certificate],
          [CKA.token, true],
          [CKA.label, label],
        ],
        attributes: [CKA.label, CKA.value],
      },
      signal,
    );
    const kept = found.flatMap(({ handle, attributes: [found, der] }) =>
      der === undefined || decodeUtf8(found ?? new Uint8Array()) !== label ? [] : [{ handle, der }],
    );
    const since = ({ der }: Kept): string => certificateFacts(der, hasher)?.notBefore ?? '';
    return kept.sort((a, b) => compare(since(b), since(a)) || compare(toHex(a.der), toHex(b.der)));
  }

  const look = (path: string, signal: AbortSignal): Promise<readonly Kept[]> => {
    check(path);
    return token.use(
      `look for the certificate "${path}"`,
      (connection) => find(connection, path, signal),
      signal,
    );
  };

  /** The CKA_ID of the key that it is for; of one whose key is elsewhere, the usual digest. */
  async function idFor({ driver }: Connection, spki: Uint8Array): Promise<Uint8Array> {
    const pairs = pairsOf(
      await findKeyObjects(driver, 'privateKey', [], TO_ITS_END),
      await findKeyObjects(driver, 'publicKey', [], TO_ITS_END),
    );
    const pair = pairs.find((each) => sameOctets(each.spki, spki));
    return pair?.privateKey.id ?? hasher.hash('sha256', spki).slice(0, 20);
  }

  async function put(
    connection: Connection,
    label: string,
    der: Uint8Array,
    ifVersion: string | null,
    signal: AbortSignal,
  ): Promise<{ version: string }> {
    const parts = certificateParts(der);
    if (parts === undefined) throw noCertificate(label);
    const before = await find(connection, label, signal);
    // It stands there already where the token was lost in the middle, and this is the second try.
    const [newest] = before;
    if (newest === undefined || !sameOctets(newest.der, der)) refuseOther(label, before, ifVersion);
    if (!before.some((each) => sameOctets(each.der, der))) {
      const template: Template = [
        [CKA.class, CKO.certificate],
        [CKA.certificateType, CKC.x509],
        [CKA.token, true],
        [CKA.private, false],
        [CKA.label, label],
        [CKA.id, await idFor(connection, parts.spki)],
        [CKA.subject, parts.subject],
        [CKA.issuer, parts.issuer],
        [CKA.serialNumber, parts.serialNumber],
        [CKA.value, der],
      ];
      await connection.driver.call('create', { template }, TO_ITS_END);
    }
    for (const each of before)
      if (!sameOctets(each.der, der))
        await connection.driver.call('destroy', { handle: each.handle }, TO_ITS_END);
    return { version: versionOf(await find(connection, label, TO_ITS_END)) };
  }

  const change = <T>(
    what: string,
    path: string,
    work: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
  ) => {
    check(path);
    const thing = `certificate-${toHex(hasher.hash('sha256', encodeUtf8(path))).slice(0, 40)}`;
    return token.change(`${what} the certificate "${path}"`, thing, work, signal);
  };

  /** What stands there must be what the caller saw. */
  function refuseOther(path: string, kept: readonly Kept[], ifVersion: string | null): void {
    const version = kept.length === 0 ? null : versionOf(kept);
    if (version === ifVersion) return;
    throw new BackendError({
      kind: 'conflict',
      what: `${token.where}: the certificate "${path}" ${version === null ? 'is gone' : ifVersion === null ? 'is there already' : 'is another one by now'}`,
      hint: 'look at what changed it (pkcs11-tool --list-objects), then make a new plan',
    });
  }

  return {
    preflight: looking('check the delivery', async ({ path, contents, mode }) => {
      check(path);
      if (mode !== undefined) throw refused(path, 'which has no file mode', 'leave mode out');
      if (contents.length === 1 && contents[0] === 'certificate') return;
      throw refused(
        path,
        'which is the certificate alone',
        'declare contents: [certificate], and deliver chain and root to a file or a secret',
      );
    }),
    read: looking('read the delivered certificate', async (path, signal) => {
      const kept = await look(path, signal);
      const [first] = kept;
      return (
        first && {
          version: versionOf(kept),
          credentialSha256: toHex(hasher.hash('sha256', first.der)),
        }
      );
    }),
    deliver: acting('deliver the certificate', async ({ path, contents }, { ifVersion }, signal) => {
      const [only, ...more] = contents;
      const [block] = only?.what === 'certificate' ? decodePem(only.pem.reveal()) : [];
      if (block === undefined || more.length > 0) throw noCertificate(path);
      return change(
        'deliver',
        path,
        (connection) => put(connection, path, block.bytes, ifVersion, signal),
        signal,
      );
    }),
    snapshot: looking('read the delivered certificate', async (path, signal) => {
      const kept = await look(path, signal);
      const [first] = kept;
      const pem = first && encodeUtf8(encodePem('CERTIFICATE', first.der));
      return pem && { content: new Secret<Uint8Array>(pem), version: versionOf(kept) };
    }),
    restore: acting('put the certificate back', async (path, content, { ifVersion }, signal) => {
      const [block] = decodePem(decodeUtf8(content.reveal()));
      if (block?.label !== 'CERTIFICATE') throw noCertificate(path);
      return change(
        'put back',
        path,
        (connection) => put(connection, path, block.bytes, ifVersion, signal),
        signal,
      );
    }),
    remove: acting('remove the delivered certificate', (path, { ifVersion }, signal) =>
      change(
        'remove',
        path,
        async (connection) => {
          const kept = await find(connection, path, signal);
          if (kept.length === 0) return;
          refuseOther(path, kept, ifVersion);
          for (const { handle } of kept) await connection.driver.call('destroy', { handle }, TO_ITS_END);
        },
        signal,
      ),
    ),
  };
}

function check(path: string): void {
  checkPath(path);
  if (path.length <= LONGEST_LABEL) return;
  throw new BackendError({
    kind: 'invalid-request',
    what: `a path has at most ${LONGEST_LABEL} characters here, since it is the label of the certificate`,
    hint: 'choose a shorter one in spec.deliverTo[].path',
  });
}

function refused(path: string, why: string, hint: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `${path} is an object of a token, ${why}`,
    hint,
  });
}

function noCertificate(path: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `what is to be put at ${path} is no single X.509 certificate`,
    hint: 'declare contents: [certificate]',
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
