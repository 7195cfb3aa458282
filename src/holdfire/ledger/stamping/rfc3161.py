"""RFC 3161 tokens (`.tsr`, `.tst`): whose signature over a digest and an instant holds.

Checked, in this order: the digest in the token is that of the bytes; the signed attributes name the content
and the certificate (RFC 5652 section 5.4, RFC 5035, RFC 5816); the signature holds under that certificate,
which lies in the token; it is one for time stamping (RFC 3161 section 2.3) and was valid at the instant;
and each certificate after it issued the one before, up to a root the asker knows, or up to none. That nobody
knows the root is said and is no error. Whether a certificate was revoked cannot be known offline, and is not
asked.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, tsp
from asn1crypto.core import Sequence as Asn1Sequence
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from holdfire import times
from holdfire.answers import Answer
from holdfire.errors import BadInput
from holdfire.ledger.stamping.stamp import RFC3161, Stamp, Standing, other, unreadable

_TST = bytes.fromhex("060b2a864886f70d0109100104")
"""OBJECT IDENTIFIER id-ct-TSTInfo (RFC 3161 section 2.4.2)."""
_DIGESTS = ("sha256", "sha384", "sha512", "sha1")
LONGEST_CHAIN = 8
_DAMAGE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What reading damaged ASN.1 ends in."""


class _NotChecked(Exception):
    """The signature is of a kind that is not read, or its certificate is not in the token."""


class _DoesNotHold(Exception):
    """The signature is wrong, or does not cover what it should."""


def recognises(token: bytes) -> bool:
    """Return whether bytes begin as a token, bare or inside a service's response."""
    return token.startswith(b"\x30") and _TST in token[:400]


def check(token: bytes, content: bytes, roots: Sequence[bytes] = ()) -> Stamp:
    """Return what a token says of some bytes.

    Raises:
        BadInput: A root is no certificate.
    """
    known = _roots(roots)
    try:
        signed, info = _parsed(token)
        algorithm, value, when = _imprint(info)
    except _DAMAGE:
        return unreadable(RFC3161, "it is no time-stamp token")
    if algorithm not in _DIGESTS:
        return unreadable(RFC3161, "its digest is of a kind that is not read")
    if hashlib.new(algorithm, content, usedforsecurity=False).digest() != value:
        return other(RFC3161)
    return _signature(signed, when, known, weak=algorithm == "sha1")


def _signature(signed: Any, when: datetime, known: Sequence[x509.Certificate], *, weak: bool) -> Stamp:
    """Return the stamp of a token that stamps the bytes, by what comes of its signature."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of oddities in certificates, which are for their authority
            chain = _signed_by(signed, when)
            root = _known(chain, known, when)
    except _DoesNotHold as error:
        return _stamp(Standing.UNSIGNED, f"the signature does not hold: {error}")
    except _NotChecked as error:
        return _stamp(Standing.UNCHECKED, f"the signature was not checked: {error}")
    except _DAMAGE:
        return _stamp(Standing.UNSIGNED, "the signature does not hold: it cannot be read")
    if weak:
        return _stamp(Standing.UNCHECKED, "its digest is SHA-1, of which others can make two alike")
    instant = times.utc(when)
    whose = "under a root we know" if root else "not a root we know"
    says = f"signed by {_name(chain[0])} at {instant} ({whose})"
    return _stamp(Standing.KNOWN if root else Standing.SIGNED, says, instant)


def _stamp(standing: Standing, says: str, when: str = "") -> Stamp:
    return Stamp(kind=RFC3161, matches=Answer.YES, when=when, standing=standing, says=f"matches; {says}")


def _roots(roots: Sequence[bytes]) -> list[x509.Certificate]:
    try:
        return [each for pem in roots for each in x509.load_pem_x509_certificates(pem)]
    except ValueError:
        raise BadInput(
            "a root is no certificate in PEM", hint="it begins with -----BEGIN CERTIFICATE"
        ) from None


def _parsed(token: bytes) -> tuple[Any, Any]:
    """Return the signed data and what it says, of a bare token or of a service's response."""
    first = Asn1Sequence.load(token, strict=True)[0]
    if isinstance(first, Asn1Sequence):
        outer = tsp.TimeStampResp.load(token, strict=True)["time_stamp_token"]
    else:
        outer = cms.ContentInfo.load(token, strict=True)
    if outer["content_type"].native != "signed_data":
        raise ValueError("other content")
    signed = outer["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info":
        raise ValueError("other content")
    return signed, tsp.TSTInfo.load(_said(signed), strict=True)


def _said(signed: Any) -> bytes:
    return bytes(signed["encap_content_info"]["content"].contents)


def _imprint(info: Any) -> tuple[str, bytes, datetime]:
    imprint = info["message_imprint"]
    when = info["gen_time"].native
    if not isinstance(when, datetime):
        raise ValueError("no time")
    return (
        str(imprint["hash_algorithm"]["algorithm"].native),
        bytes(imprint["hashed_message"].native),
        when.replace(tzinfo=when.tzinfo or UTC),
    )


def _signed_by(signed: Any, when: datetime) -> list[x509.Certificate]:
    """Return the certificate that signed, followed by those that issued each other, as far as they are there.

    Raises:
        _DoesNotHold: The signature, or something it must cover, is wrong.
        _NotChecked: It cannot be checked with what the token holds.
    """
    if len(signed["signer_infos"]) != 1:
        raise _DoesNotHold("it must have one signer")
    signer = signed["signer_infos"][0]
    held = _certificates(signed)
    if not held:
        raise _NotChecked("the token holds no certificate")
    certificate = next((each for each in held if _is(each, signer["sid"])), None)
    if certificate is None:
        raise _NotChecked("the certificate of its signer is not in it")
    algorithm = str(signer["digest_algorithm"]["algorithm"].native)
    if algorithm not in ("sha256", "sha384", "sha512"):
        raise _NotChecked("it is signed over a digest that is not trusted any more")
    _covers(signer, algorithm, _said(signed), certificate)
    # The attributes are signed as a SET, whatever tag they stand under (RFC 5652 section 5.4).
    _verify(certificate, signer, algorithm, signer["signed_attrs"].untag().dump())
    _may_stamp(certificate, when)
    return _chain(certificate, held)


def _certificates(signed: Any) -> list[x509.Certificate]:
    found = signed["certificates"]
    listed = [each.chosen.dump() for each in found if each.name == "certificate"] if found.native else []
    return [x509.load_der_x509_certificate(each) for each in listed]


def _is(certificate: x509.Certificate, sid: Any) -> bool:
    if sid.name == "issuer_and_serial_number":
        named = sid.chosen
        return bool(
            certificate.serial_number == named["serial_number"].native
            and certificate.issuer.public_bytes() == named["issuer"].dump()
        )
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return False
    return found.value.digest == bytes(sid.chosen.native)


def _covers(signer: Any, algorithm: str, said: bytes, certificate: x509.Certificate) -> None:
    """Refuse a signature that does not name what was said and by whom."""
    attributes: dict[str, Any] = {}
    for attribute in signer["signed_attrs"]:
        name = attribute["type"].native
        if name in attributes or len(attribute["values"]) != 1:
            raise _DoesNotHold("an attribute is given twice")
        attributes[name] = attribute["values"][0]
    kind, digest = attributes.get("content_type"), attributes.get("message_digest")
    if kind is None or kind.native != "tst_info":
        raise _DoesNotHold("it is over something else than a time")
    if digest is None or bytes(digest.native) != hashlib.new(algorithm, said).digest():
        raise _DoesNotHold("it is over another time or digest")
    own = certificate.public_bytes(Encoding.DER)
    newer, older = attributes.get("signing_certificate_v2"), attributes.get("signing_certificate")
    named: Any = newer or older
    if named is None:
        raise _DoesNotHold("it names no certificate")
    first = named["certs"][0]
    by = str(first["hash_algorithm"]["algorithm"].native) if newer is not None else "sha1"
    if bytes(first["cert_hash"].native) != hashlib.new(by, own, usedforsecurity=False).digest():
        raise _DoesNotHold("it names another certificate")


def _verify(certificate: x509.Certificate, signer: Any, algorithm: str, content: bytes) -> None:
    key, signature = certificate.public_key(), bytes(signer["signature"].native)
    how = signer["signature_algorithm"]
    digests = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
    try:
        name = how["algorithm"].native
        if isinstance(key, rsa.RSAPublicKey) and name == "rsassa_pss":
            own = str(how["parameters"]["hash_algorithm"]["algorithm"].native)
            length = int(how["parameters"]["salt_length"].native)
            key.verify(signature, content, padding.PSS(padding.MGF1(digests[own]), length), digests[own])
        elif isinstance(key, rsa.RSAPublicKey):
            by = digests[how.hash_algo if name != "rsassa_pkcs1v15" else algorithm]
            key.verify(signature, content, padding.PKCS1v15(), by)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(digests[how.hash_algo]))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, content)
        else:
            raise _NotChecked("its key is of a kind that is not read")
    except InvalidSignature:
        raise _DoesNotHold("it was made by another key, or over other content") from None


def _may_stamp(certificate: x509.Certificate, when: datetime) -> None:
    try:
        use = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, ValueError):
        raise _DoesNotHold("its certificate is not one for time stamping") from None
    if list(use.value) != [ExtendedKeyUsageOID.TIME_STAMPING] or not use.critical:
        raise _DoesNotHold("its certificate is not one for time stamping alone")
    if not _valid(certificate, when):
        raise _DoesNotHold("its certificate was not valid at that time")


def _valid(certificate: x509.Certificate, when: datetime) -> bool:
    return certificate.not_valid_before_utc <= when <= certificate.not_valid_after_utc


def _chain(certificate: x509.Certificate, held: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    chain = [certificate]
    while len(chain) < LONGEST_CHAIN:
        issuer = next((each for each in held if each not in chain and _issued(each, chain[-1])), None)
        if issuer is None:
            break
        chain.append(issuer)
    return chain


def _issued(issuer: x509.Certificate, other_one: x509.Certificate) -> bool:
    """Return whether one certificate issued another, and may issue any."""
    try:
        other_one.verify_directly_issued_by(issuer)
        return bool(issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (*_DAMAGE, InvalidSignature, x509.ExtensionNotFound):
        return False


def _known(chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], when: datetime) -> bool:
    """Return whether a certificate of the chain is, or was issued by, one the asker knows, all valid then."""
    for each in chain:
        if not _valid(each, when):
            return False
        if any(_valid(root, when) and (root == each or _issued(root, each)) for root in roots):
            return True
    return False


def _name(certificate: x509.Certificate) -> str:
    """Return the name a service gives itself, safe to print."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    text = str(found[0].value) if found else "a service without a name"
    return re.sub(r"[^\w .,:/()'-]", "?", text)[:80]
