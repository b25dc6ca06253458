"""Libraries that are imported when they are first used: to import them takes longer than all that some runs need."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class Lazily(ModuleType):
    """A module, once something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked for by whoever looks modules over, which is no use
            raise AttributeError(name)
        module = import_module(self.__name__)
        self.__dict__.update(vars(module))  # from now on as fast as the module itself
        return getattr(module, name)
