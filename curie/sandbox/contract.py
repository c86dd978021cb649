"""The host's side of the file contract: the schema that the systems ship."""

import json

from curie.domain.outcome import Result


def result_schema() -> str:
    """The text of `sandboxes/contract/result.schema.json`, generated from `Result`."""
    return json.dumps(Result.model_json_schema(), indent=2, sort_keys=True) + "\n"
