import type { FoundReport } from '../../app/found/foundApi.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { Secret } from '../../core/secret.ts';
import { type Arguments, invalid, optionalText, readArguments } from '../commands/arguments.ts';
import { projectOf, refusedUntrusted } from '../commands/command.ts';
import { newFilesEdit } from '../newFiles.ts';
import type { OpenedProject } from '../projects.ts';
import { AdoptedRequest, AdoptRequest, type FoundPage, FoundRequest } from '../protocol.ts';
import { openSealed } from '../sealedPassphrase.ts';
import type { Session } from '../session.ts';
import { type Feature, onRequest } from '../table.ts';

const PAGE = 200;
const LARGEST_PAGE = 1000;

/** The last look at each project: what pages are cut from. */
const looks = new WeakMap<OpenedProject, FoundReport>();

/** Credentials that lie in the folder and that no manifest declares, and the manifests that are made of them. */
export const found: Feature = {
  rows: [
    onRequest(
      FoundRequest,
      async (params, { session, signal }) => {
        const args = readArguments(params);
        const projects =
          optionalText(args, 'uri') === undefined
            ? await session.projects.all()
            : [await projectOf({ session, args })];
        const pages: FoundPage[] = [];
        for (const opened of projects) pages.push(await pageOf(opened, args, signal));
        return pages;
      },
      { patient: true },
    ),
    onRequest(
      AdoptRequest,
      async (params, { session, signal }) => {
        const args = readArguments(params);
        const refused = refusedUntrusted(session);
        if (refused !== undefined) return refused;
        const opened = await projectOf({ session, args });
        const issuer = optionalText(args, 'issuer');
        const plan = await opened.project.found.plan(
          {
            wanted: wantedOf(args),
            ...(issuer === undefined ? {} : { issuer }),
            ...passwordOf(session, args, opened),
          },
          signal,
        );
        const files = plan.adoptions
          .filter(({ writes }) => writes)
          .map(({ file, text, identity, issuer: by }) => ({
            file,
            text,
            description:
              by === null
                ? `${formatIdentity(identity)}, renewed as it is today`
                : `${formatIdentity(identity)}, renewed by ${by}`,
          }));
        return { ...plan, edit: newFilesEdit(session, opened, files, 'Adopt what was found') };
      },
      { patient: true, acts: true },
    ),
    onRequest(
      AdoptedRequest,
      async (params, { session, signal }) => {
        const args = readArguments(params);
        const refused = refusedUntrusted(session);
        if (refused !== undefined) return refused;
        const opened = await projectOf({ session, args });
        const recorded = await session.track(opened.project.found.record(signal));
        if (recorded.length > 0) await session.projects.worldChanged(opened);
        return { recorded };
      },
      { patient: true, acts: true },
    ),
  ],
};

/** The first page looks anew; later ones are of the same look. */
async function pageOf(opened: OpenedProject, args: Arguments, signal: AbortSignal): Promise<FoundPage> {
  const offset = count(args, 'offset', 0);
  const limit = Math.min(count(args, 'limit', PAGE), LARGEST_PAGE);
  const { project, uri } = opened;
  const known = offset === 0 ? undefined : looks.get(opened);
  const report = known ?? (await project.found.look(signal));
  looks.set(opened, report);
  const { issuersIn } = await import('../../app/found/issuersIn.ts');
  return {
    root: uri,
    name: project.name,
    trusted: project.trusted,
    total: report.items.length,
    adoptable: report.items.filter(({ adopt, locked }) => adopt !== null && !locked).length,
    offset,
    items: report.items.slice(offset, offset + limit),
    cut: report.cut,
    issuers: issuersIn(project.workspace.index()),
  };
}

function count(args: Arguments, name: string, otherwise: number): number {
  const given = args[name];
  if (given === undefined || given === null) return otherwise;
  if (typeof given !== 'number' || !Number.isSafeInteger(given) || given < 0)
    throw invalid(`"${name}" is a whole number, not below 0`);
  return given;
}

/** Sealed to this session and to this one project; it is used for this plan alone. */
function passwordOf(
  session: Session,
  args: Arguments,
  { uri }: OpenedProject,
): { readonly password?: Secret<string> } {
  const clear = openSealed(session, args, `adopt\n${uri}`);
  return clear === undefined ? {} : { password: clear };
}

function wantedOf(args: Arguments): readonly string[] | 'all' {
  const { wanted } = args;
  if (wanted === 'all') return 'all';
  if (!Array.isArray(wanted) || wanted.length === 0 || !wanted.every((each) => typeof each === 'string'))
    throw invalid('"wanted" is "all", or a list of ids or files');
  return wanted;
}
