"""Bilingual words that stand beside the rule they name, outside every hash."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """English is the message id (other languages translate it); Chinese stands beside it."""

    en: str
    zh: str

    def to(self, language: str) -> str:
        """The words in `language` ("zh", "zh-hans", "en", …); English where there is no other."""
        return self.zh if language.lower().startswith("zh") else self.en
