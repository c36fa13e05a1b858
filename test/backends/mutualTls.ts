import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const GREETING = 'greetings from the client';

interface Side {
  readonly certificate: string;
  /** A file, or a URI that OpenSSL's store loaders take. */
  readonly key: string;
}

/**
 * A handshake between `openssl s_server` and `openssl s_client` on loopback in which each side demands and verifies the
 * other's certificate. `ok`: both did, and data went through.
 */
export async function mutualTls(
  folder: string,
  options: {
    readonly server: Side;
    readonly client: Side;
    readonly issuing: string;
    readonly root: string;
    readonly hostname: string;
    /** Variables that a store loader needs. */
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<{ readonly ok: boolean; readonly client: string; readonly server: string }> {
  const port = await freePort();
  const { server, client, issuing, root, hostname } = options;
  const env = { ...process.env, ...options.environment };
  const accepting = spawn(
    'openssl',
    [
      ...[
        's_server',
        '-accept',
        `127.0.0.1:${port}`,
        '-naccept',
        '1',
        '-CAfile',
        root,
        '-cert_chain',
        issuing,
      ],
      ...['-cert', server.certificate, '-key', server.key, '-Verify', '3', '-verify_return_error'],
    ],
    { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let served = '';
  const listening = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      served += chunk.toString();
      if (served.includes('ACCEPT')) resolve();
    };
    accepting.stdout.on('data', take);
    accepting.stderr.on('data', take);
    accepting.once('error', reject);
    accepting.once('exit', () => reject(new Error(`s_server ended early: ${served}`)));
  });
  try {
    await listening;
    const connecting = spawn(
      'openssl',
      [
        ...['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', root, '-cert_chain', issuing],
        ...['-cert', client.certificate, '-key', client.key, '-verify', '3', '-verify_return_error'],
        ...['-verify_hostname', hostname],
      ],
      { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let said = '';
    connecting.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    connecting.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    connecting.stdin.on('error', () => undefined);
    // In TLS 1.3 the client is done before the server judged its certificate: only what the server reads proves it.
    connecting.stdin.end(`${GREETING}\n`);
    const ended = once(accepting, 'close');
    const [status] = await once(connecting, 'close');
    await ended;
    return { ok: status === 0 && served.includes(GREETING), client: said, server: served };
  } finally {
    if (accepting.exitCode === null) {
      const ended = once(accepting, 'close');
      accepting.stdin.end();
      accepting.kill();
      await ended;
    }
  }
}
