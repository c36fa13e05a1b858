import { type Handle, type Library, type LibraryAttribute, loadLibrary, Refused } from './library.ts';
import { type OpenToken, openToken, tokenInfoOf } from './openToken.ts';
import type { CallName, DriverCalls, FoundObject, RequestOf, ResultOf, Template } from './protocol.ts';
import { sessionPool } from './sessionPool.ts';

const USER = 1;
const FOUND_AT_ONCE = 64;
/** More objects than any listing needs: what answers more is not asked on. */
const MOST_FOUND = 20_000;
/** Holds the signature of the largest RSA key in use. */
const SIGNATURE_ROOM = 2048;

/** The calls of the protocol over one module. Signing and making keys leave the event loop free; several run at once. */
export function tokenCalls(): {
  readonly [Name in CallName]: (request: RequestOf<Name>) => ResultOf<Name> | Promise<ResultOf<Name>>;
} {
  let library: Library | undefined;
  let token: OpenToken | undefined;
  let pool = sessionPool([]);

  const opened = (): { library: Library; slot: Handle } => {
    if (library === undefined || token?.slot === undefined)
      throw new Refused({ kind: 'returned', code: 'CKR_TOKEN_NOT_PRESENT', call: 'open' });
    return { library, slot: token.slot };
  };

  return {
    open(request) {
      library = loadLibrary();
      token = openToken(library, request);
      pool = sessionPool(token.sessions);
      return token.opened;
    },
    tokenInfo() {
      const { library, slot } = opened();
      return tokenInfoOf(library.C_GetTokenInfo(slot));
    },
    login({ pin }) {
      const { library } = opened();
      return pool.use(async (session) => {
        try {
          library.C_Login(session, USER, pin);
        } catch (error) {
          if (!/CKR_USER_ALREADY_LOGGED_IN/.test(String(error))) throw error;
        }
        return null;
      });
    },
    find({ template, attributes }) {
      const { library } = opened();
      return pool.use(async (session) =>
        findAll(library, session, template).map(
          (handle): FoundObject => ({
            handle,
            attributes: attributes.map((type) => attributeOf(library, session, handle, type)),
          }),
        ),
      );
    },
    generate({ mechanism, publicKey, privateKey }) {
      const { library } = opened();
      return pool.use(async (session) => {
        await library.C_GenerateKeyPairAsync(
          session,
          { mechanism, parameter: null },
          libraryTemplate(publicKey),
          libraryTemplate(privateKey),
        );
        return null;
      });
    },
    sign({ handle, mechanism, data }) {
      const { library } = opened();
      return pool.use(async (session) => {
        library.C_SignInit(session, { mechanism, parameter: null }, Buffer.from(handle));
        const signature = await library.C_SignAsync(session, Buffer.from(data), Buffer.alloc(SIGNATURE_ROOM));
        return new Uint8Array(signature);
      });
    },
    create({ template }) {
      const { library } = opened();
      return pool.use(async (session) => {
        library.C_CreateObject(session, libraryTemplate(template));
        return null;
      });
    },
    set({ handle, template }) {
      const { library } = opened();
      return pool.use(async (session) => {
        library.C_SetAttributeValue(session, Buffer.from(handle), libraryTemplate(template));
        return null;
      });
    },
    destroy({ handle }) {
      const { library } = opened();
      return pool.use(async (session) => {
        library.C_DestroyObject(session, Buffer.from(handle));
        return null;
      });
    },
    close() {
      if (library !== undefined && token?.slot !== undefined) library.C_CloseAllSessions(token.slot);
      library?.C_Finalize();
      return null;
    },
  } satisfies { [Name in CallName]: (request: RequestOf<Name>) => unknown } & Partial<
    Record<keyof DriverCalls, unknown>
  >;
}

function findAll(library: Library, session: Handle, template: Template): readonly Handle[] {
  const found: Handle[] = [];
  library.C_FindObjectsInit(session, libraryTemplate(template));
  try {
    for (;;) {
      const some = library.C_FindObjects(session, FOUND_AT_ONCE);
      found.push(...some);
      if (some.length === 0 || found.length >= MOST_FOUND) return found;
    }
  } finally {
    library.C_FindObjectsFinal(session);
  }
}

/** One at a time: a token that does not tell one attribute would else tell none. */
function attributeOf(
  library: Library,
  session: Handle,
  handle: Handle,
  type: number,
): Uint8Array | undefined {
  try {
    const value = library.C_GetAttributeValue(session, handle, [{ type }])[0]?.value;
    return value === undefined ? undefined : new Uint8Array(value);
  } catch (error) {
    if (/CKR_ATTRIBUTE_|wrong length/.test(String(error))) return undefined;
    throw error;
  }
}

function libraryTemplate(template: Template): readonly LibraryAttribute[] {
  return template.map(([type, value]) => ({
    type,
    value: value instanceof Uint8Array ? Buffer.from(value) : value,
  }));
}
