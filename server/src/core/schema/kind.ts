import { CERT_MANAGER_KINDS, CERT_MANAGER_VERSION, qualifiedKind } from '../identity/certManager.ts';
import { API_VERSION } from '../identity/identityId.ts';
import type { LocalFinding } from '../manifest/localFinding.ts';
import type { JsonObject } from '../manifest/path.ts';
import { nearest } from '../text/nearest.ts';
import { oneOf, quotable } from '../text/quote.ts';
import { likelyValues } from './likely.ts';
import type { Place } from './place.ts';
import { KINDS } from './schemaAt.ts';

/** Which kind of manifest it is: decided first, so that each document is held to one schema alone. */
export function checkKind(
  value: JsonObject,
  place: Place,
): { kind: string | undefined; findings: readonly LocalFinding[] } {
  const findings: LocalFinding[] = [];
  const version = Object.hasOwn(value, 'apiVersion') ? value['apiVersion'] : undefined;
  const misspelt = (wanted: string): string | undefined =>
    Object.keys(value).find((key) => nearest(key, [wanted]).length > 0);
  const near = version === undefined ? misspelt('apiVersion') : undefined;
  if (near !== undefined) {
    findings.push(misspeltField(near, 'apiVersion', place));
  } else if (version === undefined) {
    const add = place.addField([], 'apiVersion', API_VERSION, true);
    const message = `"apiVersion" is missing; write apiVersion: ${API_VERSION}`;
    findings.push(
      place.finding('manifest/missing-field', message, ['apiVersion'], {
        part: 'key',
        fixes: add === undefined ? [] : [add],
      }),
    );
  } else if (version === CERT_MANAGER_VERSION) {
    return checkCertManagerKind(value, place);
  } else if (version !== API_VERSION) {
    const message = `${quotable(version) ?? 'this'} is no version that is known here; write ${API_VERSION}`;
    const fixes = [place.replaceValue(['apiVersion'], API_VERSION, true)];
    findings.push(place.finding('manifest/unknown-api-version', message, ['apiVersion'], { fixes }));
  }

  const kind = Object.hasOwn(value, 'kind') ? value['kind'] : undefined;
  if (typeof kind === 'string' && KINDS.includes(kind)) return { kind, findings };
  if (kind === undefined) {
    const nearKind = misspelt('kind');
    if (nearKind !== undefined) {
      findings.push(misspeltField(nearKind, 'kind', place));
    } else {
      findings.push(
        place.finding('manifest/missing-field', `"kind" is missing; write ${oneOf(KINDS)}`, ['kind'], {
          part: 'key',
        }),
      );
    }
    return { kind: undefined, findings };
  }
  const close = typeof kind === 'string' ? likelyValues(kind, KINDS) : [];
  const hint = close[0] === undefined ? `known are ${KINDS.join(', ')}` : `did you mean "${close[0]}"?`;
  const fixes = [...close, ...(typeof kind === 'string' ? KINDS.filter((each) => !close.includes(each)) : [])]
    .slice(0, 5)
    .map((each, index) => place.replaceValue(['kind'], each, index === 0 && close.length > 0));
  findings.push(
    place.finding(
      'manifest/unknown-kind',
      `${quotable(kind) ?? 'this'} is no kind that is known here; ${hint}`,
      ['kind'],
      { fixes },
    ),
  );
  return { kind: undefined, findings };
}

function misspeltField(key: string, meant: string, place: Place): LocalFinding {
  const message = `unknown field ${quotable(key) ?? ''}; did you mean "${meant}"?`;
  const fixes = [place.replaceKey([key], meant, true)];
  return place.finding('manifest/unknown-field', message, [key], { part: 'key', fixes });
}

/** A file that is ours by its name may hold cert-manager's manifests, too. */
function checkCertManagerKind(
  value: JsonObject,
  place: Place,
): { kind: string | undefined; findings: readonly LocalFinding[] } {
  const kind = Object.hasOwn(value, 'kind') ? value['kind'] : undefined;
  if (typeof kind === 'string' && CERT_MANAGER_KINDS.includes(kind))
    return { kind: qualifiedKind(CERT_MANAGER_VERSION, kind), findings: [] };
  const what =
    kind === undefined
      ? 'this manifest of cert-manager has no kind'
      : `${quotable(kind) ?? 'this'} of cert-manager is not read here`;
  const message = `${what}; read are ${CERT_MANAGER_KINDS.join(', ')}`;
  return { kind: undefined, findings: [place.finding('manifest/unknown-kind', message, ['kind'])] };
}
