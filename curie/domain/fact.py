"""What every noun of the project is made of: a frozen value with one spelling and one hash."""

import hashlib
import json
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

CANONICAL = "canonical"
"""The context of a dump that is hashed: a field that older facts lack is left out at its default,
so that they keep their hash."""


class Fact(BaseModel):
    """A frozen value. Facts are hashed and cited as evidence, so they never change in place.

    NaN and infinity are refused, unknown fields are refused, and collections are tuples.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )

    def but(self, **changes: Any) -> Self:
        """A validated copy with some fields changed (`model_copy` does not validate)."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**fields, **changes})

    def canonical(self) -> str:
        """The one JSON spelling of this value: sorted keys, no spaces, UTF-8."""
        return canonical_json(self.model_dump(mode="json", context=CANONICAL))

    def fingerprint(self) -> str:
        """The SHA-256 of the canonical spelling, in hex."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces; raises ValueError on NaN and infinity."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
