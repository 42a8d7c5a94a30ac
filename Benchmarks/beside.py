"""Lets one script of this folder use another: their names have no ending, so `import` does not find them."""

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path


def script(name):
    """The script of that name as a module."""
    loader = SourceFileLoader(name, str(Path(__file__).resolve().parent / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module
