import { encodePem } from '../../../core/credential/pem.ts';
import type { BackendContext } from '../../contract.ts';
import type { AuthoritySettings } from '../configuration.ts';
import { writePublic } from '../publicFile.ts';
import type { Hierarchy } from './hierarchy.ts';
import { numbered } from './numbered.ts';
import type { Revocations } from './revocation.ts';

/** Whether the manifest names any file to publish to. */
export function publishesAnything({ crl, issuerCertificate, publish }: AuthoritySettings): boolean {
  return [crl.path, issuerCertificate.path, publish.chain, publish.roots].some((path) => path !== undefined);
}

/**
 * Writes what relying parties need to the project files that the manifest names: a fresh CRL and the certificate of
 * each issuing CA that has not expired, the chain, the roots. Gives the paths, in the order written.
 */
export function publishFiles(
  parts: {
    readonly context: BackendContext;
    readonly settings: AuthoritySettings;
    readonly hierarchy: Hierarchy;
    readonly revocations: Revocations;
  },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { context, settings, hierarchy, revocations } = parts;
  // Under one lock from the list's making to the file's writing: an older list never replaces a newer one.
  return context.state.locked(
    'publish',
    async () => {
      const written: string[] = [];
      const write = async (path: string, bytes: Uint8Array): Promise<void> => {
        signal.throwIfAborted();
        await writePublic(context.files, path, bytes);
        written.push(path);
      };
      const now = context.clock.now();
      const issuing = (await hierarchy.issuing()).filter(({ certificate }) => certificate.notAfter >= now);
      for (const authority of issuing) {
        const { crl, issuerCertificate } = settings;
        if (crl.path !== undefined) {
          const { list } = await revocations.newList(authority, signal);
          await write(numbered(crl.path, authority.number), encodeFor(crl.path, 'X509 CRL', list));
        }
        if (issuerCertificate.path !== undefined)
          await write(
            numbered(issuerCertificate.path, authority.number),
            encodeFor(issuerCertificate.path, 'CERTIFICATE', authority.certificate.der),
          );
      }
      const { chain, roots } = settings.publish;
      if (chain !== undefined) await write(chain, pemOf(issuing.map(({ certificate }) => certificate.der)));
      const root = await hierarchy.root();
      if (roots !== undefined && root !== undefined) await write(roots, pemOf([root.der]));
      return written;
    },
    signal,
  );
}

function encodeFor(path: string, label: string, der: Uint8Array): Uint8Array {
  return path.toLowerCase().endsWith('.pem') ? new TextEncoder().encode(encodePem(label, der)) : der;
}

function pemOf(certificates: readonly Uint8Array[]): Uint8Array {
  return new TextEncoder().encode(certificates.map((der) => encodePem('CERTIFICATE', der)).join(''));
}
