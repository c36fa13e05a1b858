import type { LanguageClient } from 'vscode-languageclient/node';

/** What this session of the server opens sealed messages with: its public half. */
export function sealingKey(client: LanguageClient): string {
  const experimental: unknown = client.initializeResult?.capabilities.experimental;
  const sealing = property(experimental, 'sealing');
  const publicKey = property(sealing, 'publicKey');
  if (typeof publicKey !== 'string') throw new Error('the language server offers no key to seal to');
  return publicKey;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
