/**
 * A thief with the PIN, in a process of its own: tries every way that PKCS#11 has to get a private key out of a token.
 * Arguments: module, token label, key label; the PIN in $PIN. Prints, as JSON, what the token answered to each.
 */
import { createRequire } from 'node:module';

/** What is used of pkcs11js. */
interface Pkcs11 {
  load(file: string): void;
  C_Initialize(): void;
  C_GetSlotList(withToken: boolean): Buffer[];
  C_GetTokenInfo(slot: Buffer): { readonly label: string };
  C_OpenSession(slot: Buffer | undefined, flags: number): Buffer;
  C_Login(session: Buffer, user: number, pin: string | undefined): void;
  C_FindObjectsInit(session: Buffer, template: readonly Attribute[]): void;
  C_FindObjects(session: Buffer, most: number): Buffer[];
  C_FindObjectsFinal(session: Buffer): void;
  C_GetAttributeValue(session: Buffer, key: Buffer | undefined, template: readonly Attribute[]): Attribute[];
  C_SetAttributeValue(session: Buffer, key: Buffer | undefined, template: readonly Attribute[]): void;
  C_GenerateKey(session: Buffer, mechanism: Mechanism, template: readonly Attribute[]): Buffer;
  C_WrapKey(
    session: Buffer,
    mechanism: Mechanism,
    wrapping: Buffer,
    key: Buffer | undefined,
    wrapped: Buffer,
  ): Buffer;
  C_CopyObject(session: Buffer, key: Buffer | undefined, template: readonly Attribute[]): Buffer;
}

interface Attribute {
  readonly type: number;
  readonly value?: unknown;
}

interface Mechanism {
  readonly mechanism: number;
  readonly parameter: null;
}

const [module = '', tokenLabel = '', keyLabel = ''] = process.argv.slice(2);
const { PKCS11 } = createRequire(import.meta.url)('pkcs11js') as { PKCS11: new () => Pkcs11 };
const p11 = new PKCS11();

const CLASS = 0x0;
const TOKEN = 0x1;
const VALUE = 0x11;
const LABEL = 0x3;
const EXTRACTABLE = 0x162;
const SENSITIVE = 0x103;
const NUMBERS = { CKA_VALUE: VALUE, CKA_PRIVATE_EXPONENT: 0x123, CKA_PRIME_1: 0x124, CKA_PRIME_2: 0x125 };

p11.load(module);
p11.C_Initialize();
const slots = p11.C_GetSlotList(true);
const slot = slots.find((each) => p11.C_GetTokenInfo(each).label.trim() === tokenLabel);
const session = p11.C_OpenSession(slot, 6);
p11.C_Login(session, 1, process.env['PIN']);
p11.C_FindObjectsInit(session, [
  { type: CLASS, value: 3 },
  { type: LABEL, value: keyLabel },
]);
const [key] = p11.C_FindObjects(session, 1);
p11.C_FindObjectsFinal(session);

const answers: Record<string, string> = {};
function tries(name: string, work: () => unknown): void {
  try {
    const got = work();
    answers[name] = Buffer.isBuffer(got) ? `given: ${got.length} octets` : 'done';
  } catch (error) {
    answers[name] = /CKR_\w+/.exec(String(error))?.[0] ?? String(error);
  }
}
const read = (type: number) => p11.C_GetAttributeValue(session, key, [{ type }])[0]?.value;

function readsNumbers(when: string): void {
  for (const [name, type] of Object.entries(NUMBERS)) tries(`${name} ${when}`, () => read(type));
}

readsNumbers('read');
tries('wrap', () => {
  // AES, 256 bits; CKM_AES_KEY_WRAP_PAD.
  const wrapping = p11.C_GenerateKey(session, { mechanism: 0x1080, parameter: null }, [
    { type: TOKEN, value: false },
    { type: 0x161, value: 32 },
    { type: 0x106, value: true },
  ]);
  const wrapped = Buffer.alloc(4096);
  return p11.C_WrapKey(session, { mechanism: 0x210a, parameter: null }, wrapping, key, wrapped);
});
tries('set CKA_EXTRACTABLE', () =>
  p11.C_SetAttributeValue(session, key, [{ type: EXTRACTABLE, value: true }]),
);
tries('set CKA_SENSITIVE', () => p11.C_SetAttributeValue(session, key, [{ type: SENSITIVE, value: false }]));
tries('copy', () =>
  p11.C_CopyObject(session, key, [
    { type: EXTRACTABLE, value: true },
    { type: SENSITIVE, value: false },
  ]),
);
// Some tokens write down what is set, and keep the key all the same.
readsNumbers('read again');
console.log(JSON.stringify(answers));
