"""numpy, imported when it is first used: to import it takes longer than all that a run needs whose results are kept."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["np"]

if TYPE_CHECKING:
    import numpy as np
else:

    class _Numpy(ModuleType):
        """numpy, once something of it is asked for."""

        def __getattr__(self, name: str) -> Any:
            import numpy

            self.__dict__.update(vars(numpy))  # from now on as fast as the module itself
            return getattr(numpy, name)

    np = _Numpy("numpy")
