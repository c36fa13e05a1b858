import { parseDuration } from '../../core/text/duration.ts';
import type { NativeModule, NativeModules } from '../contract.ts';
import { BackendError } from '../errors.ts';
import type { TokenSelector } from './host/protocol.ts';
import { readTokenUri, type TokenUri, writeTokenUri } from './pkcs11Uri.ts';

/** The fields of `spec` that belong to this type, as config.schema.json admits them. */
export interface Pkcs11Config {
  readonly module?: string;
  readonly token?: TokenSelector;
  readonly uri?: string;
  readonly auth?: { readonly method?: 'pin' };
  readonly sessions?: number;
  readonly timeout?: string;
}

export interface TokenSettings {
  readonly module: NativeModule;
  readonly selector: TokenSelector;
  readonly sessions: number;
  readonly timeoutSeconds: number;
}

/** What a login is bound to: token and module by their names, always written the same way. */
export function addressOf(config: Pkcs11Config): string {
  return writeTokenUri(tokenOf(config));
}

export async function tokenSettings(config: Pkcs11Config, modules: NativeModules): Promise<TokenSettings> {
  const { moduleName = '', ...selector } = tokenOf(config);
  const module = await modules.find(moduleName);
  if (module === undefined) throw unknownModule(moduleName, await modules.names());
  return { module, selector, sessions: config.sessions ?? 4, timeoutSeconds: timeout(config.timeout) };
}

function tokenOf({ module, token, uri }: Pkcs11Config): TokenUri {
  const named = uri === undefined ? { ...token } : uriOf(uri);
  if (uri !== undefined && token !== undefined)
    throw wrong('spec names the token twice, by uri and by token', 'keep one of them');
  if (module !== undefined && named.moduleName !== undefined && module !== named.moduleName)
    throw wrong('spec.module and module-name of spec.uri are not the same', 'keep one of them');
  const moduleName = named.moduleName ?? module;
  if (moduleName === undefined)
    throw wrong('spec names no module', "name the vendor's module in spec.module, such as softhsm2");
  if (named.label === undefined && named.serial === undefined)
    throw wrong(
      'spec does not say which token of the module it is',
      'name it by its label or serial number in spec.token; slot numbers change from run to run',
    );
  return { ...named, moduleName };
}

function uriOf(text: string): TokenUri {
  const read = readTokenUri(text);
  if (read.ok) return read.uri;
  throw wrong(`spec.uri names no token: ${read.why}`, 'write it as pkcs11:token=LABEL?module-name=NAME');
}

function timeout(text = '30s'): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds >= 1) return seconds;
  throw wrong(`spec.timeout is "${text}", which is no duration of a second or more`, 'write it as 30s or 2m');
}

function unknownModule(name: string, known: readonly string[]): BackendError {
  return new BackendError({
    kind: 'not-found',
    what: `this machine does not know the PKCS#11 module "${name}"${known.length === 0 ? '' : `; it knows ${known.join(', ')}`}`,
    hint: `say where it lies: IDAC_PKCS11_MODULES=${name || 'NAME'}=/path/to/module.so, or { "${name || 'NAME'}": "/path/to/module.so" } in pkcs11-modules.json in the state folder (\`idac doctor\` names it), or in VS Code the setting idac.pkcs11.modules`,
  });
}

function wrong(what: string, hint: string): BackendError {
  return new BackendError({ kind: 'invalid-request', what, hint });
}
