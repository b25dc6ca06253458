"""What can go wrong, in words a user can act on; `cli` is the only place that catches these."""

from __future__ import annotations


class AuditorError(Exception):
    """Base of every error auditor raises on purpose. The message says what, where and what to do."""


class ConfigError(AuditorError):
    """Wrong options, paths or configuration."""


class PackError(AuditorError):
    """A rule pack that cannot be used; the message holds file:line:column and the offending line."""


class ReadError(AuditorError):
    """A source that cannot be read or decoded."""


class RestoreError(AuditorError):
    """A cleaned copy and its patch do not give back the original they promise."""


class CleanError(AuditorError):
    """An edit that does not fit the bytes it was made for: a mistake of ours."""


class GateError(AuditorError):
    """A gate that cannot be evaluated (unknown expectation, missing column)."""


def told(error: Exception) -> str:
    """What went wrong, in words: the system's errors come without."""
    if not isinstance(error, OSError):
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    todo = "a file stands where a folder is needed: move it, or write elsewhere"
    if not isinstance(error, FileExistsError | NotADirectoryError):
        todo = "nothing of it was kept: free space or fix permissions, then run again"
    return f"{where}{error.strerror or error}; {todo}"
