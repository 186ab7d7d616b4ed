"""What all definitions are made of: frozen models, numbers and days as written, words in two languages.

In: plain data read from YAML. Out: models and types.
Refuses to know: any one kind of definition.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_serializer, model_validator


class Model(BaseModel):
    """Frozen, and an unknown key is a problem."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True, allow_inf_nan=False
    )


def _written(what: str, pattern: str, example: str) -> BeforeValidator:
    """Only the written form is taken: a bare number would be read as seconds since 1970 or since midnight."""

    def check(value: Any) -> Any:
        if isinstance(value, date | time) or (isinstance(value, str) and re.fullmatch(pattern, value)):
            return value
        raise ValueError(f"{what} is written like {example}")

    return BeforeValidator(check)


Number = Annotated[float, Field(strict=True)]
"""A number as YAML reads it: no quoted text, no true or false."""
Whole = Annotated[int, Field(strict=True)]
Day = Annotated[date, _written("a date", r"\d{4}-\d\d-\d\d", "2026-01-31")]
Clock = Annotated[time, _written("a time of day", r"\d\d:\d\d(:\d\d)?", "06:00")]
Formula = str
"""SQL text. Parsed and checked by `checks`, never here."""

Reason = Annotated[str, Field(min_length=3)]
Unit = Literal["s", "h", "day", "percent", "count", "money", "points", "rating", "ratio", "per_hour"]
Category = Literal["financial", "customer", "operational", "growth"]
MissingPolicy = Literal["withhold", "neutral", "floor", "redistribute"]
Cycle = Literal["day", "week", "month", "quarter", "year"]
ColumnType = Literal[
    "id", "category", "text", "number", "money", "percent", "rating", "duration", "flag", "datetime", "date", "person"
]


class Words(Model):
    """A name in the languages a reader may choose. A plain string is the English one."""

    en: str
    """The English words."""
    zh: str = ""
    """The Chinese words; the English ones if unsaid."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        # A center may be called by its number: 12345.
        is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
        return {"en": value} if is_plain else value

    def say(self, lang: str) -> str:
        return getattr(self, lang, "") or self.en


class Text(Words):
    """A description in the languages a reader may choose. A plain string is the English one."""

    def __bool__(self) -> bool:
        """Whether anything is said: `own.about or kpi.about`."""
        return bool(self.en)

    @model_serializer
    def _plainly(self) -> str | dict[str, str]:
        """English alone stays a plain string: definitions that say no more have the hashes they always had."""
        return {"en": self.en, "zh": self.zh} if self.zh else self.en


UNSAID = Text(en="")
"""What nobody has said yet."""
