/** Identities that devices leave the factory with, and those that an owner adds (IEEE 802.1AR-2018, 8). */
import { attempt } from '../../../credential/problem.ts';
import type { CertificateView } from '../../certificateView.ts';
import { rulesOf } from '../../rows.ts';
import { otherNameType } from '../../view/alternativeName.ts';
import { saysNothing, valuesOf } from '../../view/distinguishedName.ts';

const HARDWARE_MODULE_NAME = '1.3.6.1.5.5.7.8.4';
/** RFC 5280, 4.1.2.5: there is no good day on which it ends. */
const NEVER = '99991231235959Z';
const isDevice = ({ isAuthority }: CertificateView) => !isAuthority;

const hasModuleName = ({ subjectAltName = [] }: CertificateView) =>
  subjectAltName.some((each) => attempt([], 'a name', () => otherNameType(each)) === HARDWARE_MODULE_NAME);

export const rules = rulesOf(
  {
    source: 'IEEE 802.1AR',
    remedy: 'Have the identity of the device issued again as the standard wants it.',
  },
  [
    {
      id: 'lint/device-without-subject',
      title: 'The identity of a device has an empty subject',
      why: 'Networks let devices in by the subject.',
      standard: 'IEEE 802.1AR-2018, 8.6',
      applies: (certificate) => isDevice(certificate) && certificate.subject !== undefined,
      check: ({ subject }) => subject !== undefined && saysNothing(subject) && 'the subject is empty',
    },
    {
      id: 'lint/device-without-serial-number',
      severity: 'warning',
      title: 'The identity of a device has no serial number in its subject',
      why: 'It tells the devices of one maker apart.',
      standard: 'IEEE 802.1AR-2018, 8.6',
      applies: isDevice,
      check: ({ subject }) =>
        valuesOf(subject, 'serialNumber').length === 0 && 'the subject has no serialNumber of the device',
    },
    {
      id: 'lint/device-ends',
      severity: 'info',
      title: 'The identity of a device ends',
      why: 'What was burned into a device cannot be renewed: it is of no use when it ends, while the device still works.',
      standard: 'IEEE 802.1AR-2018, 8.7; RFC 5280, 4.1.2.5',
      applies: (certificate) =>
        isDevice(certificate) && certificate.notAfter !== undefined && hasModuleName(certificate),
      check: ({ notAfter }) => notAfter?.text !== NEVER && `it ends; the standard wants ${NEVER}`,
    },
    {
      id: 'lint/device-without-key-usage',
      title: 'The identity of a device may not sign',
      why: 'A device proves who it is with a signature.',
      standard: 'IEEE 802.1AR-2018, 8.10.4',
      applies: (certificate) => isDevice(certificate) && certificate.keyUsage !== undefined,
      check: ({ keyUsage }) =>
        keyUsage?.set.has('digitalSignature') === false && 'the key usage has no digitalSignature',
    },
    {
      id: 'lint/device-signs-certificates',
      title: 'The identity of a device may sign certificates',
      why: 'Whoever takes one device apart could make identities of all others.',
      standard: 'IEEE 802.1AR-2018, 8.10.4',
      applies: (certificate) => isDevice(certificate) && certificate.keyUsage !== undefined,
      check: ({ keyUsage }) => keyUsage?.set.has('keyCertSign') === true && 'the key usage has keyCertSign',
    },
    {
      id: 'lint/device-without-authority-key-id',
      title: 'The identity of a device does not say by which key it was signed',
      why: 'It is checked for decades, in which the maker has many authorities.',
      standard: 'IEEE 802.1AR-2018, 8.10.1',
      applies: isDevice,
      check: ({ authorityKeyId }) =>
        authorityKeyId?.keyId === undefined && 'it has no key identifier of its authority',
    },
  ],
);
