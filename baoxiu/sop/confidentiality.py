"""C9: masking (脱敏) – enough to recognise, too little to use."""

from __future__ import annotations


def mask_phone(number: str) -> str:
    """+8613800138001 → 138****8001. Short numbers keep their last two figures."""
    plain = "".join(c for c in number.removeprefix("+86") if c.isdigit() or c == "+")
    if len(plain) > 9:
        return f"{plain[:-8]}****{plain[-4:]}"
    return "*" * max(len(plain) - 2, 0) + plain[-2:] if len(plain) > 2 else "*" * len(plain)


def mask_name(name: str) -> str:
    """王芳 → 王*; 欧阳春晓 → 欧**晓; Anna Smith → A*** S****."""
    name = name.strip()
    if name and name[0].isascii():
        return " ".join(part[0] + "*" * (len(part) - 1) for part in name.split())
    if len(name) <= 1:
        return "*" * len(name)
    return name[0] + "*" * (len(name) - 2) + name[-1] if len(name) > 2 else name[0] + "*"


def mask_email(address: str) -> str:
    """anna.smith@example.com → a***@example.com."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local[:1]}***@{domain}" if at else "***"
