"""What pyca/cryptography makes and judges of ML-DSA. `make DIR`: an authority of each set, its leaf, a list, a request.
`ask DIR`: OCSP requests for what lies there. `judge DIR`: whether it holds; one JSON line a case."""
import datetime
import json
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import mldsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

SETS = {"44": mldsa.MLDSA44PrivateKey, "65": mldsa.MLDSA65PrivateKey, "87": mldsa.MLDSA87PrivateKey}
NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def usage(ca):
    return x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False)


def certificate(subject, key, issuer, signer, ca, serial):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject)).issuer_name(name(issuer)).public_key(key)
        .serial_number(serial).not_valid_before(NOW - DAY).not_valid_after(NOW + 300 * DAY)
        .add_extension(x509.BasicConstraints(ca, None), True)
        .add_extension(usage(ca), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
    )
    if not ca:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("gate.example.test")]), False)
    return builder.sign(signer, None)


def write(path, value):
    path.write_bytes(value.public_bytes(serialization.Encoding.DER))


def make(folder):
    for number, make_key in SETS.items():
        root, leaf = make_key.generate(), make_key.generate()
        write(folder / f"{number}-root.der", certificate(f"Root {number}", root.public_key(), f"Root {number}", root, True, 1))
        for serial, which in ((2, "good"), (3, "revoked")):
            write(folder / f"{number}-{which}.der", certificate("gate", leaf.public_key(), f"Root {number}", root, False, serial))
        revoked = x509.RevokedCertificateBuilder().serial_number(3).revocation_date(NOW).build()
        crl = (
            x509.CertificateRevocationListBuilder().issuer_name(name(f"Root {number}"))
            .last_update(NOW - DAY).next_update(NOW + 30 * DAY).add_revoked_certificate(revoked)
            .add_extension(x509.CRLNumber(1), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), False)
            .sign(root, None)
        )
        write(folder / f"{number}.crl", crl)
        issuer = x509.load_der_x509_certificate((folder / f"{number}-root.der").read_bytes())
        for which, status in (("good", ocsp.OCSPCertStatus.GOOD), ("revoked", ocsp.OCSPCertStatus.REVOKED)):
            about = x509.load_der_x509_certificate((folder / f"{number}-{which}.der").read_bytes())
            revoked_at = NOW if which == "revoked" else None
            answer = (
                ocsp.OCSPResponseBuilder()
                .add_response(about, issuer, hashes.SHA256(), status, NOW, NOW + 7 * DAY, revoked_at, None)
                .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer)
                .sign(root, None)
            )
            write(folder / f"{number}-{which}.ocsp", answer)
        request = x509.CertificateSigningRequestBuilder().subject_name(name("gate")).sign(leaf, None)
        write(folder / f"{number}.csr", request)
        key = leaf.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / f"{number}.key").write_bytes(key)


def ask(folder):
    for number in SETS:
        leaf, issuing = (folder / f"{number}-leaf.der", folder / f"{number}-issuing.der")
        if leaf.exists():
            certificates = [x509.load_der_x509_certificate(each.read_bytes()) for each in (leaf, issuing)]
            write(folder / f"{number}.ocspreq", ocsp.OCSPRequestBuilder().add_certificate(*certificates, hashes.SHA256()).build())


def verdict(case, check):
    try:
        print(json.dumps({"case": case, "holds": check() is not False}))
    except Exception as error:  # whatever it is, it is the verdict
        print(json.dumps({"case": case, "holds": False, "why": repr(error)[:200]}))


def judge(folder):
    for number in SETS:
        read = lambda suffix: (folder / f"{number}-{suffix}").read_bytes()
        root = x509.load_der_x509_certificate(read("root.der"))
        issuing = x509.load_der_x509_certificate(read("issuing.der"))
        leaf = x509.load_der_x509_certificate(read("leaf.der"))
        verdict(f"{number} root", lambda: root.verify_directly_issued_by(root))
        verdict(f"{number} issuing", lambda: issuing.verify_directly_issued_by(root))
        verdict(f"{number} leaf", lambda: leaf.verify_directly_issued_by(issuing))
        verdict(f"{number} crl", lambda: x509.load_der_x509_crl(read("list.crl")).is_signature_valid(issuing.public_key()))

        def answered():
            answer = ocsp.load_der_ocsp_response(read("leaf.ocsp"))
            issuing.public_key().verify(answer.signature, answer.tbs_response_bytes)
            return answer.certificate_status == ocsp.OCSPCertStatus.GOOD

        verdict(f"{number} ocsp", answered)
        verdict(f"{number} csr", lambda: x509.load_der_x509_csr(read("leaf.csr")).is_signature_valid)
        encoding = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        private = lambda: serialization.load_der_private_key(read("leaf.key"), None)
        verdict(f"{number} key", lambda: private().public_key().public_bytes(*encoding) == leaf.public_key().public_bytes(*encoding))
        altered = bytearray(read("leaf.der"))
        altered[-1] ^= 1
        wrong = x509.load_der_x509_certificate(bytes(altered))

        def refused():
            try:
                wrong.verify_directly_issued_by(issuing)
            except Exception:
                return True
            return False

        verdict(f"{number} altered leaf is refused", refused)


{"make": make, "ask": ask, "judge": judge}[sys.argv[1]](pathlib.Path(sys.argv[2]))
