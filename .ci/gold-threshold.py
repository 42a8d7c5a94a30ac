"""Ends with an error where the gold set's tree F1 is below a threshold: gold-threshold.py SCORE.json LEAST"""
import json
import sys

tree = json.load(open(sys.argv[1]))["sections"]["tree"]
f1 = tree if isinstance(tree, (int, float)) else tree[-1] if isinstance(tree, list) else tree["f1"]
print(f"tree F1 {f1:.3f}, at least {sys.argv[2]} is asked for")
sys.exit(f1 < float(sys.argv[2]))
