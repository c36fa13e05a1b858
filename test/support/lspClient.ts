/** A language client of the plainest kind, over stdio: frames, ids and a full trace of what crossed the connection. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** What each starts with; both are built by `npm run build`. */
export const SERVER = [path.join(ROOT, 'server/dist/server.mjs'), '--stdio'];
export const IDAC_LSP = [path.join(ROOT, 'server/bin/idac.mjs'), 'lsp', '--stdio'];

export interface Position {
  line: number;
  character: number;
}
export interface Range {
  start: Position;
  end: Position;
}
export interface Message {
  id?: number | string | null;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor({ code, message, data }: { code: number; message: string; data?: unknown }) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export interface LspClient {
  readonly process: ChildProcess;
  /** Answer of `initialize`. */
  readonly initialized: unknown;
  /** Everything in both directions, as text. */
  trace(): string;
  /** Messages from the server, in order. */
  received(method: string): readonly Message[];
  request<T = unknown>(method: string, params?: unknown): Promise<T>;
  /** With its id, for cancelling. */
  begin<T = unknown>(method: string, params?: unknown): { id: number; answer: Promise<T> };
  notify(method: string, params?: unknown): void;
  /** How requests of the server are answered; without a handler: method not found. */
  answer(method: string, handler: (params: unknown) => unknown): void;
  /** The next notification or request of that method, or one already received and not yet taken, that fits. */
  next<T = unknown>(method: string, fits?: (params: T) => boolean): Promise<T>;
  writeRaw(bytes: string): void;
  /** shutdown + exit; gives the exit code. */
  stop(): Promise<number | null>;
  exited(): Promise<number | null>;
}

export interface ClientOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly folders?: readonly string[];
  readonly capabilities?: object;
  readonly initializationOptions?: object;
  readonly processId?: number | null;
  /** Handlers that must be there before `initialized`. */
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>;
  /** Do not send `initialize`. */
  readonly bare?: boolean;
}

export async function startClient(options: ClientOptions = {}): Promise<LspClient> {
  const child = spawn(process.execPath, [...(options.args ?? SERVER)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
    cwd: options.cwd ?? ROOT,
  });
  // A server that has just ended takes no answers to its last questions any more.
  child.stdin.on('error', () => undefined);
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const handlers = new Map(Object.entries(options.answers ?? {}));
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>();
  const inbox: Message[] = [];
  const taken = new Set<Message>();
  const waiting = new Set<() => void>();
  const transcript: string[] = [];
  let nextId = 1;

  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    transcript.push(`→ ${body}`);
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const receive = async (message: Message): Promise<void> => {
    if (message.method === undefined) {
      const entry = typeof message.id === 'number' ? pending.get(message.id) : undefined;
      if (entry === undefined) inbox.push({ ...message, method: '(stray response)' });
      else if (message.error !== undefined) entry.reject(new RpcError(message.error));
      else entry.resolve(message.result as never);
      if (typeof message.id === 'number') pending.delete(message.id);
      return;
    }
    inbox.push(message);
    for (const wake of [...waiting]) wake();
    if (message.id === undefined) return;
    const handler = handlers.get(message.method);
    if (handler === undefined) {
      send({ id: message.id, error: { code: -32601, message: `no ${message.method} here` } });
      return;
    }
    try {
      send({ id: message.id, result: (await handler(message.params)) ?? null });
    } catch (error) {
      send({ id: message.id, error: { code: -32603, message: String(error) } });
    }
  };
  let buffer = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(buffer.toString('latin1', 0, end))?.[1]);
      if (!Number.isInteger(length)) throw new Error(`no frame: ${buffer.toString('latin1', 0, end)}`);
      if (buffer.length < end + 4 + length) return;
      const body = buffer.toString('utf8', end + 4, end + 4 + length);
      buffer = buffer.subarray(end + 4 + length);
      transcript.push(`← ${body}`);
      void receive(JSON.parse(body) as Message);
    }
  });
  void exit.then((code) => {
    for (const { reject } of pending.values()) reject(new Error(`the server ended with ${code}`));
    pending.clear();
  });

  const begin = <T>(method: string, params?: unknown) => {
    const id = nextId++;
    const answer = new Promise<T>((resolve, reject) => pending.set(id, { resolve, reject }));
    send({ id, method, ...(params === undefined ? {} : { params }) });
    return { id, answer };
  };
  const client: LspClient = {
    process: child,
    initialized: undefined,
    trace: () => transcript.join('\n'),
    received: (method) => inbox.filter((message) => message.method === method),
    begin,
    request: (method, params) => begin<never>(method, params).answer,
    notify: (method, params) => send({ method, ...(params === undefined ? {} : { params }) }),
    answer: (method, handler) => void handlers.set(method, handler),
    next: (method, fits = () => true) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = inbox.find(
            (message) => message.method === method && !taken.has(message) && fits(message.params as never),
          );
          if (found === undefined) return;
          taken.add(found);
          waiting.delete(look);
          resolve(found.params as never);
        };
        waiting.add(look);
        look();
      }),
    writeRaw: (bytes) => void child.stdin.write(bytes),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        await client.request('shutdown').catch(() => undefined);
        client.notify('exit');
      }
      return exit;
    },
    exited: () => exit,
  };
  if (options.bare === true) return client;
  const initialized = await client.request('initialize', {
    processId: options.processId === undefined ? process.pid : options.processId,
    rootUri: null,
    capabilities: options.capabilities ?? {},
    ...(options.initializationOptions === undefined
      ? {}
      : { initializationOptions: options.initializationOptions }),
    workspaceFolders: (options.folders ?? []).map((folder) => ({ uri: folder, name: path.basename(folder) })),
  });
  client.notify('initialized', {});
  return Object.assign(client, { initialized });
}
