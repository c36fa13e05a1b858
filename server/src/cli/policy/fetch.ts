import { EXIT, type ExitCode, UsageError } from '../../app/failure.ts';
import { formatReference, type GitReference, readPackReference } from '../../core/policy/packReference.ts';
import { plural } from '../../core/text/instant.ts';
import type { PolicyInvocation } from '../commands/policy.ts';
import { json } from '../output/json.ts';
import { line, span } from '../output/text.ts';
import { withProject } from '../withProject.ts';

/** Policies of other repositories, brought here because somebody asked for it. */
export function fetchPacks(names: readonly string[], invocation: PolicyInvocation): Promise<ExitCode> {
  const { options, terminal, signal } = invocation;
  return withProject(invocation, { unlocks: false }, async (project) => {
    const named = names.map(gitReference);
    const wanted = named.length > 0 ? named : project.policyReferences().filter((each) => each.is === 'git');
    const fetched: { readonly reference: string; readonly files: number }[] = [];
    for (const each of wanted) {
      const reference = formatReference(each);
      terminal.status(line(span(`fetching ${reference}`, 'quiet')));
      fetched.push({ reference, ...(await project.fetchPolicies(each, signal)) });
    }
    terminal.status([]);
    if (options.format === 'json') terminal.data(json({ fetched }));
    else if (fetched.length === 0)
      terminal.err([line(span('Nothing to fetch: no policies of another repository are named.', 'quiet'))]);
    else
      terminal.out(
        fetched.map(({ reference, files }) =>
          line(span('fetched', 'good'), span(`  ${reference}`), span(`  ${plural(files, 'file')}`, 'quiet')),
        ),
      );
    return EXIT.clean;
  });
}

function gitReference(text: string): GitReference {
  const read = readPackReference(text);
  if ('problem' in read) throw new UsageError(read.problem, read.hint);
  if (read.reference.is === 'git') return read.reference;
  throw new UsageError(
    `${text} is on this machine already`,
    'Only git+https://…#COMMIT:PATH and git+/PATH#COMMIT:PATH are fetched.',
  );
}
