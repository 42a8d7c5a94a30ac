"""Runs the README's requests against a server and holds its answers against the README's.

readme-examples.py README.md http://127.0.0.1:PORT

A block ```console begins with a line `$ curl …`; what follows it is the answer. A line `…` stands
for any lines.
"""
import re
import subprocess
import sys

readme, address = sys.argv[1:]
text = open(readme, encoding="utf-8").read()
failures = examples = 0
for block in re.findall(r"^```console\n(.*?)^```", text, re.S | re.M):
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, expected = part.partition("\n")
        if not command.startswith("curl "):
            continue
        examples += 1
        line = command.replace("http://127.0.0.1:8080", address)
        found = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=30).stdout
        pieces = re.split(r"^( *…\n)", expected.rstrip("\n") + "\n", flags=re.M)
        pattern = "".join(".*?\n" if piece.strip() == "…" else re.escape(piece) for piece in pieces)
        if not re.fullmatch(pattern, found.rstrip("\n") + "\n", re.S):
            failures += 1
            print(f"differs: {command}\n--- README\n{expected}\n--- server\n{found}\n")
print(f"{examples} examples, {failures} differ")
sys.exit(bool(failures) or not examples)
