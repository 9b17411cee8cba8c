#!/usr/bin/env python3
"""Verifies a certificate offline: python3 verify_certificate.py FILE [--key KEY] [--head HASH] [--digest HASH]

FILE is the certificate as JSON. Nothing but Python is needed (3.11 or newer, standard library only); no
network, no database. What is checked, in this order, and named when it does not hold:

1. the procedure: its hash is the hash of its meaning;
2. the journal: numbered without gaps, every entry's hash computed again over the one before, every step
   taken from the stage where the case stood and to the stage the procedure names, the head;
3. personal words that came along: their salted hash;
4. the verdicts: derived again from procedure and journal, compared with what is printed;
5. the digest over the whole certificate;
6. the signature over the digest (Ed25519, RFC 8032), by the key named in the certificate.

A certificate that was made up from beginning to end agrees with itself. That it is the company's own is
shown by its key: give the one the company publishes (/certificate-key.json of its installation) with
--key. Head and digest can be compared with the printed certificate or with the company's checkpoints
(--head, --digest). Exit codes: 0 it holds, 1 it does not, 2 it cannot be read.
"""

import argparse
import datetime as dt
import hashlib
import json
import sys

SEVERITY = ("broken", "owed", "waived", "kept")
OVERRIDES = ("override_cover",)
FORMATS = ("baoxiu-certificate-1", "baoxiu-certificate-2")  # the first was not signed
WAITING = {"consent": "customer", "parts": "parts"}  # stages at which clocks may stand
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(value):
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def when(text):
    return dt.datetime.fromisoformat(text)


class Wrong(Exception):
    """What does not hold, with its place."""


def need(is_so, place, said, found):
    if not is_so:
        raise Wrong(f"{place}: the certificate says {said!r}, it must be {found!r}")


def same(place, said, found):
    need(said == found, place, said, found)


def check_chain(cert):
    steps, stage, previous = cert["procedure"]["meaning"]["steps"], "new", ""
    for number, entry in enumerate(cert["journal"], 1):
        place = f"journal entry {number}"
        same(f"{place}, number", entry["no"], number)
        same(f"{place}, previous hash", entry["previous"], previous)
        over = [cert["number"]] + [
            entry[name]
            for name in (
                "no", "at", "step", "clause", "actor", "party", "from_stage", "to_stage", "body", "content_hash",
                "previous",
            )
        ]  # fmt: skip
        same(f"{place}, hash", entry["hash"], sha256(over))
        if "content" in entry:
            words = entry["content"]
            same(f"{place}, personal words", entry["content_hash"], sha256([words["salt"], words["words"]]))
        need(entry["step"] in steps, f"{place}, step", entry["step"], "a step of the procedure")
        same(f"{place}, stage before", entry["from_stage"], stage)
        stage = steps[entry["step"]]["to"] or stage
        same(f"{place}, stage after", entry["to_stage"], stage)
        previous = entry["hash"]
    same("head", cert["head"], previous)
    same("count", cert["count"], len(cert["journal"]))


class Replay:
    """The journal taken once more: facts, what is owed, the time on hold, what was found."""

    def __init__(self, meaning):
        self.meaning, self.duties = meaning, meaning["duties"]
        self.completes = {row[0]: row[3] for row in meaning["stages"]}
        self.facts = {name: values[0] for name, values in meaning["facts"].items()}
        self.owed, self.stands, self.found = {}, {}, []

    def note(self, clause, what, name, outcome, number, **more):
        told = {"what": what, "name": name, "outcome": outcome, "entry_no": number, **more}
        self.found.append((clause, outcome, told))

    def clock(self, duty, at):
        """It stands still while what it stops for lasts."""
        since = [began for scope, began in self.stands.items() if scope in duty[3]]
        return max(min(since), duty[1]) if since else at

    def take(self, entry):
        step, number = self.meaning["steps"][entry["step"]], entry["no"]
        more = {"at": entry["at"], "by": entry["actor"]}
        lawful = (
            entry["from_stage"] in step["from"]
            and entry["party"] in step["parties"]
            and all(any(self.facts.get(n) == v for n, v in any_of) for any_of in step["requires"])
        )
        self.step(step, entry, lawful, more)
        waived = [name for name, value in step["sets"].items() if value == "waived"]
        for name in waived:
            clause = self.duties[name][0] if name in self.duties else step["clause"]
            self.note(clause, "waiver", name, "waived", number, **more, why=entry["step"])
        decision = entry["body"].get("data", {}).get("decision")
        if isinstance(decision, dict):
            over = entry["step"] in OVERRIDES
            why = {"why": entry["step"]} if over else {}
            clause = str(decision.get("clause") or step["clause"])
            self.note(clause, "decision", entry["step"], "waived" if over else "kept", number, **more, **why)
        self.clocks(entry, waived, more)
        self.stand(step, entry)
        self.learn(step, entry, more)
        if self.completes[entry["to_stage"]] and entry["to_stage"] != entry["from_stage"]:
            for kind in self.duties:
                if self.facts.get(kind) == "due":
                    self.note(
                        self.duties[kind][0], "end", kind, "broken", number, at=entry["at"], why="skipped"
                    )

    def step(self, step, entry, lawful, more):
        why = {} if lawful else {"why": "unlawful"}
        outcome = "kept" if lawful else "broken"
        self.note(step["clause"], "step", entry["step"], outcome, entry["no"], **more, **why)

    def clocks(self, entry, waived, more):
        body, at = entry["body"], when(entry["at"])
        for kind, how in body.get("ended", {}).items():
            duty = self.owed.pop(kind, None)
            if duty is None:
                continue
            late = self.clock(duty, at) > duty[2]
            if late or (how == "done" and kind not in waived):
                why = {"why": "late"} if late else {}
                outcome, due = "broken" if late else "kept", utc(duty[2])
                self.note(self.duties[kind][0], "duty", kind, outcome, entry["no"], due_at=due, **more, **why)
        for kind, (due, _) in body.get("opened", {}).items():
            self.owed[kind] = [entry["no"], at, when(due), ("hold",)]
        for kind, due in body.get("moved", {}).items():
            if kind in self.owed:
                self.owed[kind][2] = when(due)
        for kind, told in body.get("clocks", {}).items():
            if kind in self.owed and len(told) > 5:
                self.owed[kind][3] = told[5]

    def stand(self, step, entry):
        hold, at = step["sets"].get("on_hold"), when(entry["at"])
        if entry["from_stage"] != entry["to_stage"]:
            self.stands.pop(WAITING.get(entry["from_stage"]), None)
            if entry["to_stage"] in WAITING:
                self.stands[WAITING[entry["to_stage"]]] = at
        if hold == "no":
            self.stands.pop("hold", None)
        elif hold == "yes":
            self.stands["hold"] = at

    def learn(self, step, entry, more):
        chosen, domains = entry["body"].get("facts", {}), self.meaning["facts"]
        if any(chosen.get(n) in ("none", None) or chosen[n] not in domains[n] for n in step["chooses"]):
            self.step(step, entry, False, more)
            return
        self.facts.update(step["sets"])
        self.facts.update({n: chosen[n] for n in step["chooses"]})
        for name in step["counts"]:
            values = domains[name]
            self.facts[name] = values[min(values.index(self.facts[name]) + 1, len(values) - 1)]

    def left(self, now):
        for kind, duty in self.owed.items():
            over = self.clock(duty, now) > duty[2]
            why = {"why": "overdue"} if over else {}
            outcome = "broken" if over else "owed"
            self.note(self.duties[kind][0], "duty", kind, outcome, duty[0], due_at=utc(duty[2]), **why)


def derive(cert):
    """{clause: (outcome, number kept, the other findings)} from procedure and journal alone."""
    replay = Replay(cert["procedure"]["meaning"])
    for entry in cert["journal"]:
        replay.take(entry)
    replay.left(when(cert["as_of"]))
    clauses = {}
    for clause, outcome, told in replay.found:
        kept, others = clauses.setdefault(clause, ([], []))
        (kept if outcome == "kept" else others).append(told)
    return {
        clause: ("kept" if not others else worst(o["outcome"] for o in others), len(kept), others)
        for clause, (kept, others) in sorted(clauses.items())
    }


def worst(outcomes):
    outcomes = set(outcomes)
    return next((o for o in SEVERITY if o in outcomes), "kept")


def utc(at):
    return at.astimezone(dt.UTC).isoformat()


def check_verdicts(cert):
    derived = derive(cert)
    same("clauses", [c["clause"] for c in cert["clauses"]], list(derived))
    words = {e["no"]: e["content"]["words"] for e in cert["journal"] if "content" in e}
    for said in cert["clauses"]:
        outcome, kept, others = derived[said["clause"]]
        place = f"clause {said['clause']}"
        same(f"{place}, outcome", said["outcome"], outcome)
        same(f"{place}, kept", said["kept"], kept)
        same(f"{place}, findings", len(said["findings"]), len(others))
        for i, (claimed, found) in enumerate(zip(said["findings"], others, strict=True), 1):
            shown = {n: v for n, v in claimed.items() if n not in ("who", "reason")}
            same(f"{place}, finding {i}", shown, found)
            reason = words.get(found["entry_no"]) or {}
            proved = str(reason.get("reason") or reason.get("text") or "")
            if claimed.get("reason") or (proved and found["outcome"] == "waived"):
                same(f"{place}, finding {i}, reason", claimed.get("reason", ""), proved)
    same("outcome", cert["outcome"], worst(o for o, _, _ in derived.values()))


def point(data):
    """The point of the curve that 32 bytes stand for, as (x, y); None where they stand for none."""
    number = int.from_bytes(data, "little")
    odd, y = number >> 255, number % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * ROOT % P
    if y >= P or x * x % P != square or (odd and not x):
        return None
    return (x if x % 2 == odd else P - x), y


def plus(a, b):
    """(X, Y, Z): x = X/Z, y = Y/Z, by the addition law of the curve itself."""
    z = a[2] * b[2] % P
    xx, yy = a[0] * b[0] % P, a[1] * b[1] % P
    cross = D * xx * yy % P
    one, other = (z * z - cross) % P, (z * z + cross) % P
    mixed = (a[0] + a[1]) * (b[0] + b[1]) - xx - yy
    return z * one * mixed % P, z * other * (yy + xx) % P, one * other % P


def times(factor, a):
    found = (0, 1, 1)
    for bit in bin(factor)[2:]:
        found = plus(found, found)
        found = plus(found, a) if bit == "1" else found
    return found


def is_signed(key, message, signature):
    """Ed25519: [S]B = R + [k]A."""
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or not a or not r or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left = times(s, (*point((4 * pow(5, -1, P) % P).to_bytes(32, "little")), 1))
    right = plus((*r, 1), times(k, (*a, 1)))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def unhex(text):
    try:
        return bytes.fromhex(text)
    except (TypeError, ValueError):
        return b""


def check_signature(cert, key):
    message = f"{cert['format']} {cert['digest']}".encode()
    signed = is_signed(unhex(cert["key"]), message, unhex(cert["signature"]))
    need(signed, "signature", cert["signature"], "one by the key over the digest")
    if key:
        same("key (compared with --key)", cert["key"], key.lower())


def verify(cert, head="", digest="", key=""):
    """Raises Wrong, naming the place."""
    need(cert.get("format") in FORMATS, "format", cert.get("format"), FORMATS[-1])
    same("procedure, hash", cert["procedure"]["sha256"], sha256(cert["procedure"]["meaning"]))
    check_chain(cert)
    check_verdicts(cert)
    same(
        "digest", cert["digest"], sha256({n: v for n, v in cert.items() if n not in ("digest", "signature")})
    )
    if cert["format"] != FORMATS[0] or key:
        check_signature(cert, key)
    if head:
        same("head (compared with --head)", cert["head"], head.lower())
    if digest:
        same("digest (compared with --digest)", cert["digest"], digest.lower())


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--head", default="", help="the hash the journal must end with")
    parser.add_argument("--digest", default="", help="the digest the certificate must have")
    parser.add_argument("--key", default="", help="the key the company publishes")
    wanted = parser.parse_args(arguments)
    try:
        with open(wanted.file, encoding="utf-8") as file:
            cert = json.load(file)
        verify(cert, wanted.head, wanted.digest, wanted.key)
    except Wrong as wrong:
        print(f"REFUSED {wrong}", file=sys.stderr)
        return 1
    except (OSError, ValueError, RecursionError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        print(f"REFUSED the certificate is not whole: {type(error).__name__} {error}", file=sys.stderr)
        return 1
    counts = [f"{len([c for c in cert['clauses'] if c['outcome'] == o])} {o}" for o in reversed(SEVERITY)]
    print(f"{cert['number']} ({cert['company']}), as of {cert['as_of']}: holds.")
    print(f"{cert['count']} entries, clauses: {', '.join(counts)}.")
    print(f"head   {cert['head']}\ndigest {cert['digest']}")
    if "key" in cert:
        known = "the key you gave" if wanted.key else "compare it with the one the company publishes"
        print(f"signed by {cert['key']} ({known})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
