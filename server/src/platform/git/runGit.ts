import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { BackendError } from '../../backends/errors.ts';

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  /** The first line that git said about a failure. */
  readonly complaint: string;
}

/** Runs `git` in one folder with arguments, and `input` on its standard input. */
export type RunGit = (args: readonly string[], signal: AbortSignal, input?: string) => Promise<GitAnswer>;

/** Starts `git` there, for a talk over its streams. */
export type StartGit = (args: readonly string[]) => ChildProcessWithoutNullStreams;

const TIMEOUT = 60_000;
const MAXIMUM_OUTPUT = 256 * 1024 * 1024;

/**
 * Settings with which a repository could have a command run, or an answer changed (git-config(1)); the command line outranks its own config.
 * What has no such setting is closed by the environment below.
 */
const HARDENED = [
  '--no-pager',
  '--no-optional-locks',
  ...[
    'core.fsmonitor=false',
    `core.hooksPath=${devNull}`,
    'core.pager=cat',
    'core.askPass=',
    'core.sshCommand=false',
    'core.alternateRefsCommand=',
    'credential.helper=',
    'diff.external=',
    'log.showSignature=false',
    'gc.auto=0',
    'maintenance.auto=false',
    'protocol.allow=never',
    'protocol.ext.allow=never',
    // A committed folder that looks like a bare repository brings a config of its own: it is not taken for one.
    'safe.bareRepository=explicit',
    // With these it could leave out of an answer what was committed.
    'log.showRoot=true',
    'log.diffMerges=separate',
    'log.follow=false',
    'diff.relative=false',
  ].flatMap((setting) => ['-c', setting]),
];

/** `index`: another one than the repository's, as git makes for a commit of some files alone. */
export function gitIn(folder: string, program: string, index?: string): StartGit {
  return (args) =>
    spawn(program, [...HARDENED, ...args], {
      cwd: folder,
      env: { ...cleanEnvironment(process.env), ...(index === undefined ? {} : { GIT_INDEX_FILE: index }) },
      shell: false,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
}

/** Git that asks another repository, as a person told it to: over this one protocol, with nobody's configuration. */
export function gitFetching(folder: string, program: string, protocol: 'https' | 'file'): StartGit {
  return (args) =>
    spawn(program, [...HARDENED, '-c', `protocol.${protocol}.allow=always`, ...args], {
      cwd: folder,
      env: {
        ...cleanEnvironment(process.env),
        GIT_ALLOW_PROTOCOL: protocol,
        GIT_CONFIG_GLOBAL: devNull,
        GIT_CONFIG_NOSYSTEM: '1',
      },
      shell: false,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
}

/** What is left when all of an answer was heard. */
export type GitEnd = Omit<GitAnswer, 'stdout'>;

/** As `RunGit`, for answers that are too long to be kept; a history may take as long as it is, so no time is set. */
export type HearGit = (
  args: readonly string[],
  signal: AbortSignal,
  heard: (chunk: Buffer) => void,
  input?: string,
) => Promise<GitEnd>;

export function hearerOf(start: StartGit): HearGit {
  return (args, signal, heard, input) => hear(start, args, signal, heard, input);
}

export function runnerOf(start: StartGit): RunGit {
  return async (args, signal, input) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const keep = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > MAXIMUM_OUTPUT) throw tooMuch(args);
      chunks.push(chunk);
    };
    const end = await hear(start, args, signal, keep, input, TIMEOUT);
    return { ...end, stdout: Buffer.concat(chunks) };
  };
}

/** What `heard` throws stops git, and is thrown. */
function hear(
  start: StartGit,
  args: readonly string[],
  signal: AbortSignal,
  heard: (chunk: Buffer) => void,
  input = '',
  timeout?: number,
): Promise<GitEnd> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = start(args);
    let complaint = '';
    let failure: unknown;
    const stop = (why: unknown): void => {
      failure ??= why;
      child.kill('SIGKILL');
    };
    const timer = timeout === undefined ? undefined : setTimeout(() => stop(slow(args)), timeout);
    const abort = (): void => stop(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      if (failure !== undefined) return;
      try {
        heard(chunk);
      } catch (error) {
        stop(error);
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 2000) complaint += chunk.toString('utf8');
    });
    // git may end before it has read all of its input: that is no error of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error) => {
      failure ??= error;
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (failure !== undefined) reject(failure);
      else resolve({ code: code ?? -1, complaint: firstLine(complaint) });
    });
  });
}

/** Without GIT_*: a variable set for another repository must not redirect this call. */
function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    // Outranks any protocol.<name>.allow of the repository; a partial clone fetches nothing behind our back.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
  };
}

/** An error for an answer that was not expected. */
export function gitFailed(args: readonly string[], answer: GitEnd): BackendError {
  return new BackendError({
    kind: 'internal',
    what: `git ${verbOf(args)} failed (exit ${answer.code}): ${answer.complaint || 'it gave no reason'}`,
    hint: 'run "git status" in the project; "git fsck" checks a damaged repository',
  });
}

function slow(args: readonly string[]): BackendError {
  return new BackendError({
    kind: 'interrupted',
    what: `git ${verbOf(args)} gave no answer within ${TIMEOUT / 1000} s and was stopped`,
    hint: 'try again; is the repository on a network drive, or is another git at work?',
    retryable: true,
  });
}

function tooMuch(args: readonly string[]): BackendError {
  return new BackendError({
    kind: 'internal',
    what: `git ${verbOf(args)} answered with more than ${MAXIMUM_OUTPUT / 1024 / 1024} MiB and was stopped`,
    hint: 'look for large files under .identity/ on other branches',
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 300) ?? '';
}

function verbOf(args: readonly string[]): string {
  return args.find((arg) => !arg.startsWith('-')) ?? '';
}
