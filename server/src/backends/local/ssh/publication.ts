import { sshKeyLine } from '../../../core/credential/ssh/encodePublicKey.ts';
import type { SshCertificateType } from '../../contract.ts';
import type { SshSettings } from '../configuration.ts';
import { writePublic } from '../publicFile.ts';
import type { SshParts } from './issuance.ts';
import { newKeyRevocationList, rememberPublished } from './revocationList.ts';

/** Whether the manifest names any file to publish to. */
export function publishesAnything({ krl, publish }: SshSettings): boolean {
  return [krl.path, publish.userAuthorities, publish.hostAuthorities].some((path) => path !== undefined);
}

/**
 * Writes what servers and clients need to the project files that the manifest names: a fresh revocation list, the
 * authority of users (`TrustedUserCAKeys` of sshd_config(5)) and that of hosts (`@cert-authority`, sshd(8)). Gives the
 * paths, in the order written.
 */
export function publishFiles(parts: SshParts, signal: AbortSignal): Promise<readonly string[]> {
  const { context, settings, keys } = parts;
  // Under one lock from the list's making to the file's writing: an older list never replaces a newer one.
  return context.state.locked(
    'ssh-publish',
    async () => {
      const written: string[] = [];
      const write = async (path: string, bytes: Uint8Array): Promise<void> => {
        signal.throwIfAborted();
        await writePublic(context.files, path, bytes);
        written.push(path);
      };
      const line = async (type: SshCertificateType): Promise<string> =>
        sshKeyLine(await keys.get(type, signal), `${context.name} ${type} authority`);
      const { userAuthorities, hostAuthorities, hostPatterns } = settings.publish;
      if (settings.krl.path !== undefined) {
        const { krl, made } = await newKeyRevocationList(parts, signal);
        await write(settings.krl.path, krl);
        await rememberPublished(parts, made);
      }
      if (userAuthorities !== undefined) await write(userAuthorities, textOf(await line('user')));
      if (hostAuthorities !== undefined)
        await write(
          hostAuthorities,
          textOf(`@cert-authority ${hostPatterns.join(',')} ${await line('host')}`),
        );
      return written;
    },
    signal,
  );
}

function textOf(line: string): Uint8Array {
  return new TextEncoder().encode(`${line}\n`);
}
