"""C6.2: Ed25519 as RFC 8032 says (section 7.1), ours and the script's alike."""

from __future__ import annotations

import pytest

from baoxiu.lib import ed25519
from tools import verify_certificate as script

# secret, public, message, signature
RFC = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("secret", "key", "message", "signature"), RFC)
def test_the_examples_of_the_standard(secret: str, key: str, message: str, signature: str) -> None:
    seed, said = bytes.fromhex(secret), bytes.fromhex(message)
    assert ed25519.public_key(seed).hex() == key and ed25519.sign(seed, said).hex() == signature
    for verify in (ed25519.verify, script.is_signed):
        assert verify(bytes.fromhex(key), said, bytes.fromhex(signature))


def test_any_other_bit_is_no_signature() -> None:
    seed = bytes(range(32))
    key, signed = ed25519.public_key(seed), ed25519.sign(seed, b"x")
    beyond = signed[:32] + (int.from_bytes(signed[32:], "little") + ed25519.ORDER).to_bytes(32, "little")
    wrong = [
        (key, b"y", signed),
        (key, b"x", signed[:-1]),
        (b"", b"x", signed),
        (key, b"x", beyond),
        (b"\xff" * 32, b"x", signed),
    ]
    for i in (0, 31, 32, 63):
        wrong.append((key, b"x", signed[:i] + bytes([signed[i] ^ 1]) + signed[i + 1 :]))
    for made in wrong:
        assert not ed25519.verify(*made) and not script.is_signed(*made)
    with pytest.raises(ValueError):
        ed25519.sign(b"short", b"x")
