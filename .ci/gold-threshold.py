"""Ends with an error where the gold set's tree F1 is below a threshold: gold-threshold.py SCORE.json LEAST"""
import json
import sys

score = json.load(open(sys.argv[1]))


def find(value, path=""):
    """Every number in the report under a name that says tree F1."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from find(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from find(inner, f"{path}/{index}")
    elif isinstance(value, (int, float)):
        yield path, value


numbers = dict(find(score))
least = float(sys.argv[2])
tree = [value for path, value in numbers.items() if "tree" in path.lower() and "f1" in path.lower()]
if not tree:
    sys.exit(f"no tree F1 in {sorted(numbers)[:40]}")
print(f"tree F1 {tree[0]:.3f}, at least {least} is asked for")
sys.exit(tree[0] < least)
