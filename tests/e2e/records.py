# SPDX-License-Identifier: Apache-2.0
"""Records of Kafka as kcat shows them: their headers, and whether they are what their schemas say."""
import functools
import json
import os

from stack import ROOT

try:
    import jsonschema
    import referencing
except ImportError:
    jsonschema = None

SCHEMAS = os.path.join(ROOT, "proto", "schemas")


def headers_of(record):
    pairs = record.get("headers") or []
    return dict(zip(pairs[::2], pairs[1::2]))


def read_schema(name):
    with open(os.path.join(SCHEMAS, name)) as file:
        return json.load(file)


@functools.lru_cache(maxsize=None)
def validator(ce_type):
    if jsonschema is None:
        raise AssertionError("jsonschema is not installed; run ./tests/run --tier e2e")
    registry = referencing.Registry(
        retrieve=lambda uri: referencing.Resource.from_contents(read_schema(os.path.basename(uri))))
    return jsonschema.Draft202012Validator(read_schema(ce_type + ".json"), registry=registry)


def validate(ce_type, value):
    validator(ce_type).validate(value)
