"""Tokens are checked offline and never a gate: what each says of some bytes, and what it cannot say."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from holdfire.answers import Answer
from holdfire.errors import BadInput
from holdfire.ledger.stamping import OPENTIMESTAMPS, RFC3161, Standing, check_token, kind_of
from holdfire.ledger.stamping.opentimestamps import MAGIC

REPORT = b"Two shells fell near the bridge."
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
default_policy = 1.2.3.4.1
signer_digest = sha256
digests = sha1, sha256, sha384, sha512
ess_cert_id_alg = sha256
accuracy = secs:1
"""


def certificate(
    name: str, key: Key, issuer: tuple[x509.Certificate, Key] | None, *, stamps: bool = True, days: int = 30
) -> x509.Certificate:
    """Return a certificate of an authority invented for this test."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=min(0, days) - 2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer is not None:
        use = ExtendedKeyUsageOID.TIME_STAMPING if stamps else ExtendedKeyUsageOID.CODE_SIGNING
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
    return made.sign(issuer[1] if issuer else key, hashes.SHA256())


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)


@dataclass
class Authority:
    """A throwaway time-stamping authority, run by openssl."""

    folder: Path
    root: bytes

    def stamp(
        self, content: bytes, *, digest: str = "sha256", bare: bool = False, certs: bool = True
    ) -> bytes:
        """Return a token over some bytes."""
        (self.folder / "content").write_bytes(content)
        ask = ["openssl", "ts", "-query", "-data", "content", f"-{digest}", "-out", "query"]
        self._run([*ask, "-cert"] if certs else ask)
        reply = ["openssl", "ts", "-reply", "-config", "config", "-queryfile", "query", "-out", "reply"]
        self._run([*reply, "-signer", "tsa.pem", "-inkey", "tsa.key", "-chain", "root.pem",
                   *(["-token_out"] if bare else [])])  # fmt: skip
        return (self.folder / "reply").read_bytes()

    def _run(self, command: list[str]) -> None:
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=60)


def authority(folder: Path, key: Callable[[], Key], **given: bool | int) -> Authority:
    own, signer = ec.generate_private_key(ec.SECP256R1()), key()
    root = certificate("A root nobody knows", own, None)
    leaf = certificate("An invented service", signer, (root, own), **given)  # type: ignore[arg-type]
    (folder / "tsa.pem").write_bytes(pem(leaf))
    (folder / "root.pem").write_bytes(pem(root))
    (folder / "tsa.key").write_bytes(
        signer.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "config").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    return Authority(folder, pem(root))


def elliptic() -> Key:
    return ec.generate_private_key(ec.SECP384R1())


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    return authority(tmp_path_factory.mktemp("tsa"), elliptic)


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("bare", [True, False])
def test_a_token_over_the_report_matches_and_names_its_time(tsa: Authority, digest: str, bare: bool) -> None:
    token = tsa.stamp(REPORT, digest=digest, bare=bare)
    assert kind_of(token) == RFC3161
    stamp = check_token(RFC3161, token, REPORT)
    assert (stamp.matches, stamp.standing) == (Answer.YES, Standing.SIGNED)
    assert stamp.says == f"matches; signed by An invented service at {stamp.when} (not a root we know)"
    assert abs(datetime.fromisoformat(stamp.when) - datetime.now(UTC)) < timedelta(hours=1)


def test_an_rsa_key_signs_as_well(tsa: Authority, tmp_path: Path) -> None:
    other = authority(tmp_path, lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))
    assert check_token(RFC3161, other.stamp(REPORT), REPORT).standing is Standing.SIGNED


def test_a_root_that_the_asker_knows_is_said(tsa: Authority, tmp_path: Path) -> None:
    token = tsa.stamp(REPORT)
    assert check_token(RFC3161, token, REPORT, [tsa.root]).standing is Standing.KNOWN
    stranger = pem(certificate("A root nobody knows", ec.generate_private_key(ec.SECP256R1()), None))
    assert check_token(RFC3161, token, REPORT, [stranger]).standing is Standing.SIGNED
    with pytest.raises(BadInput, match="no certificate in PEM"):
        check_token(RFC3161, token, REPORT, [b"x"])


def test_a_token_over_other_bytes_does_not_match_and_names_no_time(tsa: Authority) -> None:
    stamp = check_token(RFC3161, tsa.stamp(b"other"), REPORT)
    assert (stamp.matches, stamp.standing, stamp.when) == (Answer.NO, Standing.OTHER, "")


def test_a_token_without_its_certificate_is_not_checked(tsa: Authority) -> None:
    stamp = check_token(RFC3161, tsa.stamp(REPORT, certs=False), REPORT)
    assert (stamp.matches, stamp.standing, stamp.when) == (Answer.YES, Standing.UNCHECKED, "")


def test_sha_1_is_not_stood_by(tsa: Authority) -> None:
    assert check_token(RFC3161, tsa.stamp(REPORT, digest="sha1"), REPORT).standing is Standing.UNCHECKED


@pytest.mark.parametrize(
    ("given", "why"),
    [({"days": -1}, "not valid at that time"), ({"stamps": False}, "not one for time stamping")],
)
def test_a_certificate_that_may_not_stamp_is_refused(
    tsa: Authority, tmp_path: Path, given: dict[str, bool | int], why: str
) -> None:
    token = tsa.stamp(REPORT, bare=True)
    own = ec.generate_private_key(ec.SECP256R1())
    bad = certificate("An invented service", elliptic(), (certificate("r", own, None), own), **given)  # type: ignore[arg-type]
    resigned = resign(token, bad, given)
    stamp = check_token(RFC3161, resigned, REPORT)
    assert stamp.standing is Standing.UNSIGNED
    assert why in stamp.says


def resign(token: bytes, _: x509.Certificate, given: dict[str, bool | int]) -> bytes:
    """Return the token signed anew by a service whose certificate is as given."""
    from asn1crypto import cms
    from asn1crypto import x509 as asn1_x509

    own, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate("r", own, None)
    leaf = certificate("An invented service", key, (root, own), **given)  # type: ignore[arg-type]
    der = leaf.public_bytes(serialization.Encoding.DER)
    outer = cms.ContentInfo.load(token)
    signed = outer["content"]
    signer = signed["signer_infos"][0]
    held = asn1_x509.Certificate.load(der)
    signed["certificates"] = cms.CertificateSet([cms.CertificateChoices("certificate", held)])
    signer["sid"] = cms.SignerIdentifier(
        "issuer_and_serial_number",
        cms.IssuerAndSerialNumber({"issuer": held.issuer, "serial_number": held.serial_number}),
    )
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "signing_certificate_v2":
            attribute["values"][0]["certs"][0]["cert_hash"] = hashlib.sha256(der).digest()
            attribute["values"][0]["certs"][0]["issuer_serial"] = None
    content = signer["signed_attrs"].untag().dump(force=True)
    signer["signature_algorithm"] = cms.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    signer["signature"] = key.sign(content, ec.ECDSA(hashes.SHA256()))
    return bytes(outer.dump(force=True))


def test_the_control_of_signing_anew_is_accepted(tsa: Authority) -> None:
    token = tsa.stamp(REPORT, bare=True)
    resigned = resign(token, certificate("x", elliptic(), None), {})
    assert check_token(RFC3161, resigned, REPORT).standing is Standing.SIGNED


def test_no_changed_bit_of_a_token_makes_it_say_something_else(tsa: Authority) -> None:
    token = tsa.stamp(REPORT)
    honest = check_token(RFC3161, token, REPORT, [tsa.root])
    lucky = random.Random(5)
    kept = 0
    for _ in range(200):
        at, bit = lucky.randrange(len(token)), lucky.randrange(8)
        changed = token[:at] + bytes([token[at] ^ 1 << bit]) + token[at + 1 :]
        found = check_token(RFC3161, changed, REPORT, [tsa.root])
        if found.when:
            # A bit that nothing signs, such as one of the response round the token, may go unnoticed.
            assert found.when == honest.when
            assert "signed by An invented service at" in found.says
            kept += 1
    assert kept < 100


@pytest.mark.parametrize(
    "token", [b"", b"\x30", b"\x30\x80" * 50_000, b"\x30\x03\x02\x01\x00", b"x" * (2 << 20)]
)
def test_what_is_no_token_cannot_be_read(token: bytes) -> None:
    for kind in (RFC3161, OPENTIMESTAMPS):
        stamp = check_token(kind, token, REPORT)
        assert (stamp.matches, stamp.standing) == (Answer.UNCLEAR, Standing.UNREADABLE)


def test_a_token_cut_anywhere_is_no_yes(tsa: Authority) -> None:
    token = tsa.stamp(REPORT)
    for cut in range(0, len(token), 37):
        assert not check_token(RFC3161, token[:cut], REPORT).when


def test_no_kind_is_guessed() -> None:
    assert kind_of(REPORT) is None
    with pytest.raises(BadInput, match='no kind of token is called "rfc3162"'):
        check_token("rfc3162", b"", REPORT)


# OpenTimestamps


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def text(content: bytes) -> bytes:
    return varint(len(content)) + content


PENDING = b"\x00" + bytes.fromhex("83dfe30d2ef90c8e") + text(text(b"https://calendar.example"))
APPEND, PREPEND, SHA256, FORK = b"\xf0", b"\xf1", b"\x08", b"\xff"


def bitcoin(height: int) -> bytes:
    return b"\x00" + bytes.fromhex("0588960d73d71901") + text(varint(height))


def proof(tree: bytes, content: bytes = REPORT) -> bytes:
    return MAGIC + b"\x01\x08" + hashlib.sha256(content).digest() + tree


PATH = APPEND + text(b"salt") + SHA256 + PREPEND + text(b"left") + SHA256


def test_a_pending_proof_says_so() -> None:
    stamp = check_token(OPENTIMESTAMPS, proof(PATH + PENDING), REPORT)
    assert (stamp.matches, stamp.standing, stamp.when) == (Answer.YES, Standing.PENDING, "")
    assert "pending at 1 calendars" in stamp.says
    assert kind_of(proof(PENDING)) == OPENTIMESTAMPS


def test_a_proof_that_leads_to_a_block_names_it_and_says_that_no_chain_was_asked() -> None:
    branches = FORK + PATH + PENDING + FORK + PATH + bitcoin(831_234) + PATH + SHA256 + bitcoin(900_000)
    stamp = check_token(OPENTIMESTAMPS, proof(branches), REPORT)
    assert (stamp.standing, stamp.when) == (Standing.CHAINED, "")
    assert "Bitcoin block 831234; whether that block has this root was not looked up" in stamp.says


def test_a_proof_of_other_bytes_does_not_match() -> None:
    assert check_token(OPENTIMESTAMPS, proof(PENDING, b"other"), REPORT).matches is Answer.NO


@pytest.mark.parametrize(
    "tree",
    [
        b"",
        FORK + PENDING,  # a branch is missing
        FORK + FORK + PENDING + PENDING,
        PENDING + PENDING,  # one too many
        PATH,
        b"\x42" + PENDING,  # no such operation
        SHA256 * 300 + PENDING,
        (FORK + PENDING) * 30_000 + PENDING,
        b"\xf3" * 20 + PENDING,  # doubles each time
        APPEND + varint(5000) + b"x" * 5000 + PENDING,
        APPEND + b"\xff" * 12 + PENDING,
        PENDING[:-3],
    ],
    ids=str,
)
def test_a_proof_that_breaks_a_rule_cannot_be_read(tree: bytes) -> None:
    stamp = check_token(OPENTIMESTAMPS, proof(tree), REPORT)
    assert (stamp.matches, stamp.standing) == (Answer.UNCLEAR, Standing.UNREADABLE)


def test_a_bitcoin_attestation_of_no_merkle_root_is_none() -> None:
    stamp = check_token(OPENTIMESTAMPS, proof(b"\xf3" + bitcoin(1)), REPORT)
    assert (stamp.matches, stamp.standing) == (Answer.YES, Standing.UNCHECKED)


def test_a_proof_changed_anywhere_never_crashes() -> None:
    whole = proof(FORK + PATH + PENDING + PATH + bitcoin(831_234))
    lucky = random.Random(6)
    for _ in range(2000):
        at = lucky.randrange(len(whole))
        changed = whole[:at] + bytes([lucky.randrange(256)]) + whole[at + 1 :]
        assert check_token(OPENTIMESTAMPS, changed, REPORT).when == ""
