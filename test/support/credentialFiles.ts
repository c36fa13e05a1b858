import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type InspectInput, type InspectOptions, inspectFiles } from '../../server/src/app/inspect.ts';
import type { CredentialItem } from '../../server/src/core/credential/inspect/item.ts';

/** A folder in which other people's tools make credentials. */
export interface CredentialFolder {
  readonly path: string;
  /** Runs a program there; gives what it prints. */
  run(program: string, args: readonly string[], input?: string | Uint8Array): string;
  write(name: string, content: string | Uint8Array): string;
  at(name: string): string;
  remove(): void;
}

export function credentialFolder(): CredentialFolder {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-credential-')));
  const at = (name: string): string => path.join(folder, name);
  return {
    path: folder,
    at,
    run: (program, args, input) =>
      execFileSync(program, [...args], {
        cwd: folder,
        input,
        stdio: ['pipe', 'pipe', 'ignore'],
        maxBuffer: 1e8,
      }).toString(),
    write: (name, content) => {
      writeFileSync(at(name), content);
      return at(name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function inspect(inputs: readonly InspectInput[], options: Partial<InspectOptions> = {}) {
  return inspectFiles(inputs, { now: new Date(), ...options }, new AbortController().signal);
}

/** What `inspect` says of bytes that were never on disk. */
export async function itemsOf(
  bytes: Uint8Array | string,
  file = 'given',
  options: Partial<InspectOptions> = {},
): Promise<readonly CredentialItem[]> {
  const octets = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return (await inspect([{ path: file, bytes: octets }], options)).items;
}

export function rulesOf(items: readonly CredentialItem[]): readonly string[] {
  return items.flatMap(({ findings }) => findings.map(({ rule }) => rule));
}
