#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds what a server answered against the document it serves.

Reads from standard input {"document": …, "exchanges": [{"method", "target", "headers", "status", "type", "body"}]}
and prints a line for each thing that one of them has and the other has not.
"""
import json
import re
import sys
from urllib.parse import parse_qs, urlsplit

import jsonschema

given = json.load(sys.stdin)
document = given["document"]
schemas = document["components"]["schemas"]
faults = []

for name, schema in schemas.items():
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        faults.append(f"schema {name}: {error.message}")


def validator(schema):
    return jsonschema.Draft202012Validator(
        schema, resolver=jsonschema.RefResolver.from_schema(document))


def pattern(path):
    parts = re.split(r"(\{[^}]*\})", path)
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts) + "$")


# A path without braces goes before one with.
paths = sorted(document["paths"], key=lambda path: path.count("{"))
shapes = [(pattern(path), path) for path in paths]


def resolved(schema):
    """The schema and all that it is made of."""
    found = [schema]
    if "$ref" in schema:
        found += resolved(schemas[schema["$ref"].rsplit("/", 1)[1]])
    for part in schema.get("allOf", []) + schema.get("anyOf", []):
        found += resolved(part)
    return found


def properties(schema, value, seen, place=""):
    """Notes which of the schema's properties the value has; returns all that there are."""
    known = set()
    for part in resolved(schema):
        for key, inner in part.get("properties", {}).items():
            known.add(f"{place}/{key}")
            if isinstance(value, dict) and key in value:
                seen.add(f"{place}/{key}")
            known |= properties(inner, value.get(key) if isinstance(value, dict) else None, seen,
                                f"{place}/{key}")
        if "items" in part:
            for item in value if isinstance(value, list) and value else [None]:
                known |= properties(part["items"], item, seen, place + "/[]")
    return known


answered = {}     # operation -> statuses
asked = {}        # operation -> parameters
fields = {}       # operation and status -> (known, seen)
everywhere = set()
for exchange in given["exchanges"]:
    url = urlsplit(exchange["target"])
    path = next((path for shape, path in shapes if shape.match(url.path)), None)
    method = {"HEAD": "get"}.get(exchange["method"], exchange["method"].lower())
    if path is None or method not in document["paths"][path]:
        if exchange["status"] not in (400, 404, 405, 204):
            faults.append(f"{exchange['method']} {exchange['target']} answered {exchange['status']}")
        continue
    operation = document["paths"][path][method]
    name = operation["operationId"]
    status = str(exchange["status"])
    if status in ("400", "408", "431") and status not in operation["responses"]:
        continue  # What is no request at all.
    answered.setdefault(name, set()).add(status)
    everywhere.add(status)
    if int(status) < 400:
        asked.setdefault(name, set()).update(parse_qs(url.query), exchange["headers"])
    response = operation["responses"].get(status)
    if response is None:
        faults.append(f"{name} answered {status}, which the document does not name: {exchange['body'][:200]}")
        continue
    kind = exchange["type"].split(";")[0]
    content = response.get("content", {})
    if exchange["method"] == "HEAD" or not content:
        continue
    if kind not in content and "*/*" not in content:
        faults.append(f"{name} {status} is {kind}, and the document says {list(content)}")
        continue
    schema = content.get(kind, {}).get("schema")
    if not schema:
        continue
    value = json.loads(exchange["body"])
    for error in validator(schema).iter_errors(value):
        faults.append(f"{name} {status}{error.json_path}: {error.message}")
    known, seen = fields.setdefault((name, status), (set(), set()))
    known |= properties(schema, value, seen)

rare = {"401", "413", "415", "429", "503"}
for path in paths:
    for operation in document["paths"][path].values():
        name = operation["operationId"]
        for status in operation["responses"]:
            if status not in answered.get(name, set()) and (status not in rare or status not in everywhere):
                faults.append(f"{name}: nothing was answered with {status}")
        for parameter in operation.get("parameters", []):
            if parameter["in"] != "path" and parameter["name"] not in asked.get(name, set()):
                faults.append(f"{name}: nobody has asked with {parameter['name']}")
for (name, status), (known, seen) in fields.items():
    for field in sorted(known - seen):
        if status == "200" and name != "getHealth":
            faults.append(f"{name}: no answer had {field}")

print("\n".join(sorted(set(faults))), end="")
sys.exit(1 if faults else 0)
