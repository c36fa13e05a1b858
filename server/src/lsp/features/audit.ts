import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { contains } from '../../app/projectRoot.ts';
import { readArguments, subjectOf } from '../commands/arguments.ts';
import { projectOf } from '../commands/command.ts';
import { type Audit, AuditRequest } from '../protocol.ts';
import { type Feature, onRequest } from '../table.ts';

/** The record of an identity as a page for a person, with links to its files. */
export const audit: Feature = {
  rows: [
    onRequest(
      AuditRequest,
      async (params, { session, signal }): Promise<Audit> => {
        const args = readArguments(params);
        const subject = subjectOf(args);
        const opened = await projectOf({ session, args });
        const { project } = opened;
        const { auditText } = await import('../../core/lifecycle/auditText.ts');
        const resource = project.workspace.index().get(subject.identity);
        const name = resource?.locate(['metadata', 'name']);
        const page = auditText({
          subject,
          events: await project.events(subject.identity, signal),
          // It asks git for other branches, and the user's journals: both are none of an untrusted folder's business.
          verified: session.trusted() && project.trusted ? await project.verifyLog(signal) : null,
          declaredAt:
            resource === undefined || name === undefined
              ? null
              : { file: resource.file, line: name.start.line + 1 },
          localTime,
        });
        const links = page.links.flatMap(({ line, start, end, file, atLine }) => {
          const full = path.resolve(opened.root, file);
          if (!contains(opened.root, full)) return [];
          const uri = `${pathToFileURL(full).href}${atLine === undefined ? '' : `#L${atLine}`}`;
          return [{ range: { start: { line, character: start }, end: { line, character: end } }, uri }];
        });
        return { title: page.title, text: page.text, links };
      },
      { patient: true },
    ),
  ],
};

/** Of this process, which is where the workspace is. */
function localTime(iso: string): string | null {
  const at = new Date(iso);
  const minutes = -at.getTimezoneOffset();
  if (minutes === 0 || Number.isNaN(minutes)) return null;
  const two = (value: number): string => String(Math.abs(value)).padStart(2, '0');
  const shifted = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  return `${shifted} ${minutes < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}
