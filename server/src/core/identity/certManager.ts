/**
 * Documents of cert-manager, under their own apiVersion. They are declared, checked and listed here, and never acted on:
 * cert-manager issues and renews what they ask for.
 */
import { type JsonValue, valueAt } from '../manifest/path.ts';
import { API_VERSION, type IdentityId } from './identityId.ts';

export const CERT_MANAGER_VERSION = 'cert-manager.io/v1';
export const CERT_MANAGER_KINDS: readonly string[] = ['Certificate', 'ClusterIssuer', 'Issuer'];
export const CERT_MANAGER_CERTIFICATE = 'Certificate.cert-manager.io';
export const CERT_MANAGER_GROUP = 'cert-manager.io';
const GROUP_SUFFIX = `.${CERT_MANAGER_GROUP}`;

/**
 * What a kind is called here: `Certificate` is ours, `Certificate.cert-manager.io` is cert-manager's, in the form in which
 * kubectl tells kinds of several groups apart.
 */
export function qualifiedKind(apiVersion: unknown, kind: string): string {
  return apiVersion === CERT_MANAGER_VERSION ? `${kind}${GROUP_SUFFIX}` : kind;
}

/** Of a kind as `qualifiedKind` gives it. */
export function isCertManagerKind(kind: string): boolean {
  return kind.endsWith(GROUP_SUFFIX);
}

/** It belongs to cert-manager: what is known of it is what its manifest says. */
export function isObserved({ apiVersion }: Pick<IdentityId, 'apiVersion'>): boolean {
  return apiVersion === CERT_MANAGER_VERSION;
}

/** Specification of part of a Certificate, which kustomize merges into the whole one: it has neither Secret nor issuer. */
export function isPatch(spec: JsonValue | undefined): boolean {
  return valueAt(spec, ['secretName']) === undefined && valueAt(spec, ['issuerRef']) === undefined;
}

/** Folder of a file, with the slash at its end. What is applied together lies in one. */
export function folderOf({ file }: { readonly file: string }): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}

/** A first look that costs next to nothing: without these words no document of the text is read. */
export function mentionsManifests(text: string): boolean {
  return text.includes(API_VERSION) || text.includes(CERT_MANAGER_VERSION);
}

/** A template of Helm or Jinja whose lines decide which documents there are: its text is no YAML yet. */
export function isTemplate(text: string): boolean {
  return /^\{[{%]/m.test(text);
}

/**
 * `${DOMAIN}`, `$(DOMAIN)`, `<path:…>`, `SERVICE_NAME`: what Flux, kustomize, Argo CD or a replacement puts in before it
 * is applied.
 */
export function isFilledInLater(text: string): boolean {
  return /[$<]|[A-Z]_[A-Z]/.test(text);
}
