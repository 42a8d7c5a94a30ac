"""Validates /openapi.json, and holds real answers of every GET against the schemas it names.

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
print(f"OpenAPI is valid; {checked} answers fit its schemas")
