import type { Arguments } from '../commands/arguments.ts';
import { invalid, optionalText, readArguments, text } from '../commands/arguments.ts';
import { projectOf } from '../commands/command.ts';
import {
  DashboardRequest,
  DependentsRequest,
  type ImpactSubject,
  ImpactSubjectsRequest,
  MigrationRequest,
} from '../dashboardProtocol.ts';
import type { OpenedProject } from '../projects.ts';
import type { Session } from '../session.ts';
import { type Feature, onRequest } from '../table.ts';

const GROUPS = 8;
const BOXES = 12;
const SUBJECTS = 50;
const MOST = 500;

/** Figures about all identities, and what breaks if one thing does. Answers stay small, however many identities there are. */
export const dashboard: Feature = {
  rows: [
    onRequest(DashboardRequest, async (params, { session, signal }) => {
      const args = readArguments(params);
      const { lifetimesOf } = await import('../../app/outlook.ts');
      const { outlookOf } = await import('../../core/outlook/outlook.ts');
      const now = session.now();
      const on = dayOf(args) ?? now;
      const chosen = optionalText(args, 'uri') === undefined ? undefined : await projectOf({ session, args });
      const opened = await session.projects.all();
      const projects = [];
      const lifetimes = [];
      for (const each of opened) {
        const { rows } = await each.state.snapshot(signal);
        projects.push({
          root: each.uri,
          name: each.project.name,
          trusted: each.project.trusted,
          identities: rows.length,
        });
        if (chosen === undefined || chosen === each)
          lifetimes.push(lifetimesOf(rows, each.project.workspace.index(), each.uri));
      }
      return {
        projects,
        ...outlookOf(lifetimes.flat(), { now, on, limit: countOf(args, 'groupLimit', GROUPS) }),
      };
    }),
    onRequest(DependentsRequest, async (params, { session, signal }) => {
      const args = readArguments(params);
      const of = readArguments(args['of']);
      const { breakableAt } = await import('../../core/impact/dependents.ts');
      const { impactReport } = await import('../../app/impact.ts');
      const opened = await projectOf({ session, args });
      const index = opened.project.workspace.index();
      const subject = breakableAt(index, {
        kind: text(of, 'kind'),
        namespace: typeof of['namespace'] === 'string' ? of['namespace'] : '',
        name: text(of, 'name'),
      });
      if (subject === undefined) return null;
      const { rows } = await opened.state.snapshot(signal);
      return {
        root: opened.uri,
        ...impactReport(subject, index, rows, Math.max(2, countOf(args, 'limit', BOXES))),
      };
    }),
    onRequest(MigrationRequest, async (params, { session, signal }) => {
      const args = readArguments(params);
      const { migrationOf } = await import('../../app/migration.ts');
      const { migrationMarkdown } = await import('../../core/migration/markdown.ts');
      const { RULE_SETS } = await import('../../core/migration/ruleSets.ts');
      const wanted = optionalText(args, 'rules') ?? RULE_SETS[0]?.id;
      const rules = RULE_SETS.find(({ id }) => id === wanted);
      if (rules === undefined) throw invalid(`"rules" is one of ${RULE_SETS.map(({ id }) => id).join(', ')}`);
      const { project, state } = await projectOf({ session, args });
      const { rows } = await state.snapshot(signal);
      const [events, offers] = [await project.recorded(signal), await project.offers(signal)];
      const plan = migrationOf({ rows, events, offers }, project.workspace.index(), rules, session.now());
      return { text: migrationMarkdown(plan, project.name), plan };
    }),
    onRequest(ImpactSubjectsRequest, async (params, { session, signal }) => {
      const args = readArguments(params);
      const { impactSubjects } = await import('../../core/impact/subjects.ts');
      const query = typeof args['query'] === 'string' ? args['query'] : '';
      const limit = countOf(args, 'limit', SUBJECTS);
      const found: ImpactSubject[] = [];
      for (const { uri, project, state } of await projectsMeant(session, args)) {
        const { rows } = await state.snapshot(signal);
        for (const resource of impactSubjects(project.workspace.index(), rows, query, limit)) {
          const { kind, namespace, name, key } = resource;
          found.push({ root: uri, project: project.name, id: key, kind, namespace, name });
        }
      }
      return found.slice(0, limit);
    }),
  ],
};

async function projectsMeant(session: Session, args: Arguments): Promise<readonly OpenedProject[]> {
  return optionalText(args, 'uri') === undefined
    ? session.projects.all()
    : [await projectOf({ session, args })];
}

function dayOf(args: Arguments): Date | undefined {
  const on = optionalText(args, 'on');
  if (on === undefined) return undefined;
  const at = new Date(on);
  if (Number.isNaN(at.getTime())) throw invalid('"on" is no date in the form of ISO 8601');
  return at;
}

function countOf(args: Arguments, name: string, otherwise: number): number {
  const count = args[name];
  if (count === undefined || count === null) return otherwise;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > MOST)
    throw invalid(`"${name}" is a whole number from 1 to ${MOST}`);
  return count;
}
