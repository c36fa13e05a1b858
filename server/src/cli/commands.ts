import type { Command } from './command.ts';

/** A command by its name, and what loads it: only the one that was asked for is read from disk. */
export type CommandTable = ReadonlyMap<string, () => Promise<Command>>;

/** In the order in which help shows them. A command is a file in commands/ and a row here. */
export const commands: CommandTable = new Map<string, () => Promise<Command>>([
  ['init', async () => (await import('./commands/init.ts')).init],
  ['check', async () => (await import('./commands/check.ts')).check],
  ['scan', async () => (await import('./commands/scan.ts')).scan],
  ['accept', async () => (await import('./commands/accept.ts')).accept],
  ['hook', async () => (await import('./commands/hook.ts')).hook],
  ['policy', async () => (await import('./commands/policy.ts')).policy],
  ['report', async () => (await import('./commands/report.ts')).report],
  ['inspect', async () => (await import('./commands/inspect.ts')).inspect],
  ['inventory', async () => (await import('./commands/inventory.ts')).inventory],
  ['migrate', async () => (await import('./commands/migrate.ts')).migrate],
  ['outlook', async () => (await import('./commands/outlook.ts')).outlook],
  ['impact', async () => (await import('./commands/impact.ts')).impact],
  ['discover', async () => (await import('./commands/discover.ts')).discover],
  ['adopt', async () => (await import('./commands/adopt.ts')).adopt],
  ['issue', async () => (await import('./commands/issue.ts')).issue],
  ['renew', async () => (await import('./commands/renew.ts')).renew],
  ['rotate', async () => (await import('./commands/rotate.ts')).rotate],
  ['restore', async () => (await import('./commands/restore.ts')).restore],
  ['revoke', async () => (await import('./commands/revoke.ts')).revoke],
  ['verify', async () => (await import('./commands/verify.ts')).verify],
  ['destroy', async () => (await import('./commands/destroy.ts')).destroy],
  ['resume', async () => (await import('./commands/resume.ts')).resume],
  ['log', async () => (await import('./commands/log.ts')).log],
  ['doctor', async () => (await import('./commands/doctor.ts')).doctor],
  ['login', async () => (await import('./commands/login.ts')).login],
  ['lsp', async () => (await import('./commands/lsp.ts')).lsp],
]);
