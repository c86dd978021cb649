"""The JSON schema of a type, in the small dialect that servers with structured answers accept.

pydantic's schema is rewritten, never widened in meaning for the reader: titles go, unions become
`anyOf`, every property is required, and limits, patterns and defaults become words in the
description, since servers differ in which of these they take. The schema that is sent admits all
valid values and some invalid ones; the type itself has the last word on every answer.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

Node = dict[str, Any]

_REF = "#/$defs/"
_SMALL = 120
"""Definitions of up to so many characters are written out where they are used."""
_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "above {}",
    "exclusiveMaximum": "below {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "matches {}",
    "format": "{}",
}


@dataclass(frozen=True)
class Schema:
    """A schema to send."""

    name: str
    text: str
    """As JSON."""
    strict: bool
    """Whether a server may be asked to hold the model to it token by token: no free keys."""

    @property
    def tree(self) -> Node:
        """As a fresh dictionary."""
        tree: Node = json.loads(self.text)
        return tree


@cache
def schema_of(want: type[BaseModel]) -> Schema:
    """The schema of a type."""
    raw = want.model_json_schema()
    definitions: Node = raw.pop("$defs", {})
    if "$ref" in raw:
        raw = dict(definitions[raw["$ref"].removeprefix(_REF)])
    rewritten = {name: _rewrite(node) for name, node in definitions.items()}
    root = _rewrite(raw)
    inline = _inlined(root, rewritten)
    tree = _expand(root, inline)
    kept = {k: _expand(v, inline) for k, v in rewritten.items() if k not in inline}
    used = {name: node for name, node in kept.items() if _uses({**kept, "": tree}, name)}
    if used:
        tree["$defs"] = used
    return Schema(want.__name__, json.dumps(tree, ensure_ascii=False), strict=not _free(tree))


def _rewrite(node: Node) -> Node:
    """One node and all below it in the small dialect."""
    shaped = _shape(node)
    words = [" ".join(node["description"].split())] if "description" in node else []
    limits = _limits(node)
    if limits:
        words.append(f"({'; '.join(limits)})")
    if words:
        shaped["description"] = " ".join(words)
    return shaped


def _limits(node: Node) -> list[str]:
    """What the dialect cannot say, in words."""
    if "prefixItems" in node:
        kinds = [_kind(_rewrite(part)) for part in node["prefixItems"]]
        words = [f"exactly {len(kinds)} items, in this order: {', '.join(kinds)}"]
    else:
        words = [text.format(node[key]) for key, text in _LIMITS.items() if key in node]
    if node.get("minItems") == 1 or node.get("minLength") == 1:
        words = [word for word in words if not word.startswith("at least 1 ")] + ["not empty"]
    if node.get("default") is not None and "const" not in node:
        words.append(f"default {json.dumps(node['default'], ensure_ascii=False)}")
    return words


def _shape(node: Node) -> Node:
    """The node without its description."""
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    if "const" in node or "enum" in node:
        values = [node["const"]] if "const" in node else node["enum"]
        return {**({"type": node["type"]} if "type" in node else {}), "enum": values}
    if "anyOf" in node or "oneOf" in node:
        return _union([_rewrite(part) for part in (*node.get("anyOf", ()), *node.get("oneOf", ()))])
    match node.get("type"):
        case "object":
            return _object(node)
        case "array":
            return _array(node)
        case None:
            return {}
        case kind:
            return {"type": kind}


def _array(node: Node) -> Node:
    if "prefixItems" in node:
        return {"type": "array", "items": _union([_rewrite(p) for p in node["prefixItems"]])}
    return {"type": "array", "items": _rewrite(node.get("items", {}))}


def _object(node: Node) -> Node:
    properties = {name: _rewrite(part) for name, part in node.get("properties", {}).items()}
    extra = node.get("additionalProperties", True)
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": _rewrite(extra) if isinstance(extra, dict) else extra,
    }


def _union(parts: list[Node]) -> Node:
    """One `anyOf` of different parts; an integer is a number, and a union of one is no union."""
    flat = [inner for part in parts for inner in part.get("anyOf", [part])]
    numbers = any(part.get("type") == "number" for part in flat)
    different: list[Node] = []
    for part in flat:
        if part not in different and not (numbers and part == {"type": "integer"}):
            different.append(part)
    return different[0] if len(different) == 1 else {"anyOf": different}


def _kind(node: Node) -> str:
    if "anyOf" in node:
        return " or ".join(_kind(part) for part in node["anyOf"])
    return str(node.get("type", "value"))


def _inlined(root: Node, definitions: Node) -> Node:
    """The definitions to write out where they are used: small ones and those used once."""
    everything = {**definitions, "": root}
    return {
        name: node
        for name, node in definitions.items()
        if not _reaches(name, name, definitions)
        and (_uses(everything, name) == 1 or len(json.dumps(node)) <= _SMALL)
    }


def _refs(node: Any) -> list[str]:
    """The names that a node refers to, as often as it does."""
    if isinstance(node, list):
        return [name for part in node for name in _refs(part)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"].removeprefix(_REF)] if isinstance(node.get("$ref"), str) else []
    return own + [name for part in node.values() for name in _refs(part)]


def _uses(trees: Node, name: str) -> int:
    return sum(_refs(tree).count(name) for tree in trees.values())


def _reaches(start: str, goal: str, definitions: Node) -> bool:
    """Whether a definition leads to another, by any number of references."""
    seen: set[str] = set()
    ahead = _refs(definitions[start])
    while ahead:
        name = ahead.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            ahead += _refs(definitions[name])
    return False


def _expand(node: Any, inline: Node) -> Any:
    """The node with references to `inline` written out; a description at the use wins."""
    if isinstance(node, list):
        return [_expand(part, inline) for part in node]
    if not isinstance(node, dict):
        return node
    name = node["$ref"].removeprefix(_REF) if isinstance(node.get("$ref"), str) else ""
    if name in inline:
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {**_expand(inline[name], inline), **beside}
    if name and len(node) > 1:  # a reference may have no neighbours
        return {**{k: v for k, v in node.items() if k != "$ref"}, "anyOf": [{"$ref": node["$ref"]}]}
    return {key: _expand(value, inline) for key, value in node.items()}


def _free(node: Any) -> bool:
    """Whether something below admits keys or values that the schema does not name."""
    if isinstance(node, list):
        return any(_free(part) for part in node)
    if not isinstance(node, dict):
        return False
    if node.get("type") == "object" and node.get("additionalProperties") is not False:
        return True
    inside = [*node.get("properties", {}).values(), *node.get("$defs", {}).values()]
    inside += [node[key] for key in ("items",) if key in node]
    inside += node.get("anyOf", [])
    said = any(key in node for key in ("type", "enum", "anyOf", "$ref"))
    return not said or any(_free(part) for part in inside)
