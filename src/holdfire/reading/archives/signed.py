"""What the signature inside a WACZ file says, in one sentence (WACZ Auth 0.1.0).

A signature under a key that lies beside it shows only that one hand made both. Whose hand it was is shown by
nothing in the file, so a signature is never a reason to believe a report nor to refuse one.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from holdfire.reading.archives.items import instant


def claim(data: Mapping[str, Any], named: str) -> str:
    """Return what a signature says and whether it holds, as a sentence.

    Args:
        data: The `signedData` block.
        named: The digest that stands beside it.
    """
    created = instant(str(data.get("created", "")))
    said = f", which says it was made {created}" if created else ""
    if data.get("hash") != named:
        return f"it carries a signature of other content{said}: the signature does not hold"
    by = "a certificate" if data.get("domainCert") else "a key"
    try:
        holds = _holds(data)
    except ValueError:
        return f"it carries a signature under {by} that cannot be read{said}: not checked"
    if not holds:
        return f"it carries a signature under {by} inside it{said}: the signature does not hold"
    whose = (
        "was not checked against any authority" if by == "a certificate" else "is not shown by anything in it"
    )
    return f"it carries a signature under {by} inside it{said}: the signature holds; whose it is {whose}"


def _holds(data: Mapping[str, Any]) -> bool:
    """Return whether the signature is that of the stated hash, as text, under the key beside it.

    Raises:
        ValueError: Key or signature cannot be read.
    """
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    try:
        key = _key(data)
        signature = base64.b64decode(str(data.get("signature", "")), validate=True)
    except (binascii.Error, UnsupportedAlgorithm) as error:
        raise ValueError("cannot be read") from error
    content = str(data["hash"]).encode()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            # Browsers write the two numbers side by side (W3C Web Crypto), servers as DER (RFC 3279 2.2.3).
            key.verify(_der(signature, key.curve.key_size), content, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise ValueError("the key is of another kind")
    except InvalidSignature:
        return False
    return True


def _key(data: Mapping[str, Any]) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    chain = data.get("domainCert")
    if isinstance(chain, str) and chain:
        return x509.load_pem_x509_certificate(chain.encode("utf-8", "replace")).public_key()
    return load_der_public_key(base64.b64decode(str(data.get("publicKey", "")), validate=True))


def _der(signature: bytes, bits: int) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    size = (bits + 7) // 8
    if len(signature) != 2 * size:
        return signature
    return encode_dss_signature(
        int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    )
