/** What may be told of the free text beside a key: whoever wrote the file may have put a secret there. */
import { secretByForm } from '../secrets/secretByForm.ts';

const WORD = /^[\w.@+-]{1,64}$/;
/** Names, patterns, addresses, each with a port or not; or its hash (sshd(8)). */
const HOST = /^!?(?:[\w.*?-]{1,253}|[\da-f]{0,4}:[\da-f:.]{1,42}|\[[\w.*?:-]{1,253}\]:\d{1,5})$/;
const HASHED_HOST = /^\|1\|[\w+/]{1,43}=?\|[\w+/]{1,43}=?$/;
const KEY_ID = /^[\w.:/@+~-]{1,128}={0,2}$/;
const LOGIN_URL = /:\/\/[^/]*@/;
/** A header in base64url, and two parts more. */
const WEB_TOKEN = /^e[yw][\w-]{6,}\.[\w-]+\.[\w-]*$/;

/** One word, as `user@host`. */
export function publicComment(comment: string): string | undefined {
  return WORD.test(comment) && isOpen(comment) ? comment : undefined;
}

/** `kid` of a key set: a name, a thumbprint, an address. */
export function publicKeyId(keyId: string): string | undefined {
  return KEY_ID.test(keyId) && !LOGIN_URL.test(keyId) && isOpen(keyId) ? keyId : undefined;
}

/** Undefined: what stands there is no list of hosts. */
export function publicHosts(list: string): readonly string[] | undefined {
  const hosts = list.split(',').filter((each) => each !== '');
  const isHost = (each: string): boolean => HASHED_HOST.test(each) || (HOST.test(each) && isOpen(each));
  return hosts.length > 0 && hosts.every(isHost) ? hosts : undefined;
}

function isOpen(text: string): boolean {
  return !WEB_TOKEN.test(text) && secretByForm(text) === undefined;
}
