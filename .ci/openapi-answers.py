"""Validates /openapi.json, holds its examples against its schemas, and real answers of every GET too.

openapi-answers.py http://127.0.0.1:PORT
"""
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

import jsonschema
from openapi_spec_validator import validate

address = sys.argv[1]
WORD, SENTENCE = urllib.parse.quote("群众"), urllib.parse.quote("怎样让老人安心养老")
# What a route is asked, where it is not asked as it stands.
QUERIES = {
    "/v1/speeches": ["", "?facets=genre,year&include=text", f"?q={WORD}&facets=genre", f"?q={SENTENCE}"],
    "/v1/search": [f"?q={WORD}&facets=genre,year&explain=true", f"?q={SENTENCE}", "?q=xqzjw&sort=-date"],
}


def get(target):
    try:
        with urllib.request.urlopen(address + target) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


document = json.loads(get("/openapi.json")[2])
validate(document)
first = json.loads(get("/v1/speeches?limit=1&has_sections=true")[2])["items"][0]["id"]
values = {"id": first, "path": "1", "number": "1", "field": "genre", "slug": "heci"}
checked = 0
for path, operations in document["paths"].items():
    operation = operations.get("get")
    if not operation:
        continue
    target = path
    for name, value in values.items():
        target = target.replace("{" + name + "}", value)
    content = operation["responses"].get("200", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if not schema.get("$ref"):
        continue
    if "text/plain" in content and next(iter(content)) == "text/plain":
        target += "?start=0&end=1"
    queries = QUERIES.get(path, [""])
    for target in [target + query for query in queries]:
        status, headers, body = get(target)
        assert status == 200, (target, status, body)
        jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(json.loads(body))
        checked += 1
for target in ["/v1/speeches?limit=0", "/nowhere", "/v1/speeches/0123456789ab", "/v1/search", "/v1/search?q=%28"]:
    status, headers, body = get(target)
    assert headers["Content-Type"] == "application/problem+json", headers
    problem = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    jsonschema.Draft202012Validator(problem).validate(json.loads(body))
    checked += 1


def fits(value, schema, where):
    """A value, and a schema of the document that it has to fit."""
    errors = list(jsonschema.Draft202012Validator({**schema, "components": document["components"]}).iter_errors(value))
    assert not errors, (where, errors[0].message, list(errors[0].absolute_path))
    return 1


def examples(place, where):
    """Holds every example of a part of the document against the schema beside it; gives how many there are."""
    count = 0
    if isinstance(place, list):
        return sum(examples(part, where) for part in place)
    if not isinstance(place, dict):
        return 0
    if isinstance(place.get("schema"), dict):
        given = [example["value"] for example in place.get("examples", {}).values()]
        given += [place["example"]] if "example" in place else []
        count += sum(fits(value, place["schema"], where) for value in given)
    for name, part in place.get("properties", {}).items():
        count += sum(fits(value, part, where + [name]) for value in part.get("examples", []))
    return count + sum(examples(part, where + [name]) for name, part in place.items() if name not in ("example", "examples"))


held = examples(document, [])
print(f"OpenAPI is valid; {held} examples and {checked} answers fit its schemas")
