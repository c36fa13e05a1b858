/** Extensions of text files whose content is certificates. Others may hold some, too, and are about something else. */
export const CERTIFICATE_EXTENSIONS = [
  'pem',
  'crt',
  'cer',
  'cert',
  'ca-bundle',
  'p7b',
  'p7c',
  'cms',
] as const;

const NAME = new RegExp(`\\.(?:${CERTIFICATE_EXTENSIONS.join('|')})$`, 'i');

export function isCertificateFile(path: string): boolean {
  return NAME.test(path);
}
