"""Ends with an error where the parser's results on the gold set are below these: gold-threshold.py SCORE.json"""
import json
import sys

LEAST = {"tree F1": 0.95, "strict F1": 0.80, "fields": 0.95}

score = json.load(open(sys.argv[1]))


def f1(value):
    return value if isinstance(value, (int, float)) else value[-1] if isinstance(value, list) else value["f1"]


fields = list(score["fields"].values())
found = {
    "tree F1": f1(score["sections"]["tree"]),
    "strict F1": f1(score["sections"]["strict"]),
    "fields": sum(fields) / len(fields),
}
for name, least in LEAST.items():
    print(f"{name} {found[name]:.3f}, at least {least} is asked for")
sys.exit(any(found[name] < least for name, least in LEAST.items()))
