import path from 'node:path';
import type { Project } from '../../app/api.ts';
import { EXIT, UsageError } from '../../app/failure.ts';
import type { AdoptionPlan, AdoptRequest } from '../../app/found/foundApi.ts';
import { readPassphraseFile } from '../../app/unlock.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import { Secret } from '../../core/secret.ts';
import { projectPathProblem } from '../../core/text/relativePath.ts';
import { command, type Surroundings } from '../command.ts';
import { json } from '../output/json.ts';
import { BLANK, type Line, line, paragraph, span } from '../output/text.ts';
import { askHidden } from '../prompt.ts';
import { ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

export const adopt = command({
  name: 'adopt',
  summary: 'make manifests of certificates and SSH keys that are there already',
  details:
    'Writes a manifest for each credential that is named by a file, or for all that idac discover found, and records that it was adopted: from then on it has its real end, its fingerprint and a state. No file is overwritten, and no private key is read beyond its public half. A key store or an encrypted key is opened with its password, which is used once and not kept. A credential that a declared backend issued is renewed from here from then on; another one goes on to be renewed as it is today, unless --issuer says who is to do it.',
  operands: { usage: '[FILE…]', minimum: 0, maximum: Number.POSITIVE_INFINITY },
  examples: ['idac adopt --all --plan', 'idac adopt tls/web.pem', 'idac adopt tls/web.pem --issuer local-ca'],
  options: {
    all: { type: 'flag', describe: 'all that can be adopted' },
    issuer: {
      type: 'value',
      value: 'BACKEND',
      describe: 'the backend that is to renew what no declared backend issued',
    },
    namespace: {
      type: 'value',
      value: 'NAME',
      describe: 'the namespace of the manifests (default: default)',
    },
    'password-file': {
      type: 'value',
      value: 'FILE',
      describe:
        'read the password of key stores and encrypted keys from FILE (instead of IDAC_PKCS12_PASSWORD or a prompt)',
    },
    plan: { type: 'flag', describe: 'print the manifests and change nothing' },
    ...TEXT_OR_JSON,
    ...ROOT,
  },
  run: (invocation) =>
    withProject(invocation, { unlocks: false }, async (project) => {
      const { options, operands, terminal, cwd, signal } = invocation;
      if (options.all === operands.length > 0)
        throw new UsageError(
          options.all ? '--all takes no files' : 'What is to be adopted?',
          'Name files, or say --all; idac discover lists what there is.',
        );
      const wanted = operands.map((each) =>
        path.relative(project.root, path.resolve(cwd, each)).replaceAll(path.sep, '/'),
      );
      const { issuer, namespace } = options;
      const password = await passwordFor(project, options.all ? 'all' : wanted, invocation);
      const plan = await project.found.plan(
        {
          wanted: options.all ? 'all' : wanted,
          ...(issuer === undefined ? {} : { issuer }),
          ...(namespace === undefined ? {} : { namespace }),
          ...password,
        },
        signal,
      );
      const written = options.plan ? [] : await project.found.write(plan, signal);
      const recorded = options.plan ? [] : await project.found.record(signal);
      if (options.format === 'json') terminal.data(json({ ...plan, written, recorded }));
      else terminal.out(adoptText(plan, options.plan, terminal.columns));
      return plan.refused.length > 0 ? EXIT.findings : EXIT.clean;
    }),
});

/**
 * From a file or a descriptor, a variable, or typed at a terminal, never from the command line. A file of the project is
 * named in the manifest, so that a key store that is renewed from here keeps its password.
 */
async function passwordFor(
  { root, found }: Project,
  wanted: AdoptRequest['wanted'],
  {
    options,
    cwd,
    environment,
    terminal,
    signal,
  }: Surroundings & { readonly options: { readonly 'password-file': string | undefined } },
): Promise<Pick<AdoptRequest, 'password' | 'passwordFile'>> {
  const file = options['password-file'];
  if (file !== undefined) {
    const place = path.resolve(cwd, file);
    const password = await readPassphraseFile(place);
    const own = path.relative(root, place).replaceAll(path.sep, '/');
    return projectPathProblem(own) === undefined ? { password, passwordFile: own } : { password };
  }
  const given = environment['IDAC_PKCS12_PASSWORD'];
  if (given !== undefined && given !== '') return { password: new Secret(given) };
  if (!terminal.interactive) return {};
  const { items } = await found.look(signal);
  const locked = items.filter(
    ({ locked: isLocked, files }) =>
      isLocked && (wanted === 'all' || files.some((each) => wanted.includes(each.file))),
  );
  if (locked.length === 0) return {};
  const names = locked.flatMap(({ files }) => files.map((each) => each.file)).join(', ');
  const typed = await askHidden(`Passphrase of ${names} (empty: leave it locked):`, signal);
  return typed === undefined || typed.reveal() === '' ? {} : { password: typed };
}

function adoptText({ adoptions, refused }: AdoptionPlan, isPlan: boolean, columns: number): readonly Line[] {
  return [
    ...adoptions.flatMap(({ identity, file, writes, text, issuer, notes }) => [
      writes
        ? line(span(isPlan ? '  would write  ' : '  wrote  ', 'good'), file)
        : line(span(isPlan ? '  would record  ' : '  recorded  ', 'good'), 'what was put there since'),
      line(
        span('    '),
        span(formatIdentity(identity), 'strong'),
        span(issuer === null ? ' · renewed as it is today' : ` · renewed by ${issuer} from here`, 'quiet'),
      ),
      ...(isPlan && writes
        ? text
            .trimEnd()
            .split('\n')
            .map((each) => line(span(`    ${each}`, 'quiet')))
        : []),
      ...notes.flatMap((each) => paragraph([span('    ')], each, columns, 'warning')),
    ]),
    ...refused.flatMap(({ title, why }) =>
      paragraph([span('  left alone  ', 'warning'), span(`${title}: `)], why, columns),
    ),
    ...(adoptions.length === 0 && refused.length === 0
      ? [line(span('Nothing was found that could be adopted.', 'quiet'))]
      : []),
    ...(isPlan || adoptions.length === 0
      ? []
      : [
          BLANK,
          line(
            span('Next  ', 'strong'),
            span('idac check', 'accent'),
            span(', and say who owns them', 'quiet'),
          ),
        ]),
  ];
}
