"""From the bytes of a page to its tree: which encoding it is in, and what a hostile page may not cost.

lxml, which comes with the extra, is imported when the first page is met.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import Any

from auditor.errors import ReadError
from auditor.formats.encodings import guess

MOST_TAGS = 250_000  # a tree takes some hundred bytes a tag
_LONGEST_TAG = 8_192  # bytes: the parser compares each attribute of a tag with all before it
_DEEPEST = 2_000  # elements within each other; the parser gives up a little later
_HEAD = 8_192  # bytes in which a page names its encoding
_META = re.compile(
    rb"""(?i)<meta\s[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:+-]{2,40})|<\?xml[^>]{0,99}encoding=["']([\w.:+-]{2,40})"""
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Comments, code, tags: every alternative takes what it begins with to some end, so that one pass is enough.
_MARKUP = re.compile(
    rb"""(?is)<!--.*?(?:-->|\Z)
    |<(script|style)\b.*?(?:</\1\b[^>]*+>?|\Z)
    |<([a-z][a-z0-9:-]{0,40}+)(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')|=)*+>?""",
    re.VERBOSE,
)
# What browsers take a name for, where Python's codec of that name is another or knows less.
_ALIASES = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "latin-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_PAGES = re.compile(r"cp\d{3,4}|iso8859-\d{1,2}|utf-8|koi8-[ru]|mac-\w+|gb18030|big5hkscs|euc_jp|iso2022_jp|hz")


class PageError(ValueError):
    """Why a page is not read, in words that can follow "the page"."""


def lxml() -> Any:
    """The library; ReadError where the extra is not installed."""
    try:
        import lxml.etree
        import lxml.html
    except ImportError as error:
        raise ReadError(
            "reading html needs its extra: pip install 'corpus-auditor[html]', or leave .html files out"
        ) from error
    return lxml


def decoded(data: bytes, declared: str | None = None) -> str:
    """The characters of a page: by its byte order mark, what was ``declared`` for it, what it says, or its bytes.

    A page that calls itself UTF-8 and is not is taken for what its bytes are certain to be; else what cannot be read
    becomes U+FFFD, as in a browser.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    named = _named(data, declared)
    with suppress(UnicodeDecodeError):
        text = data.decode()
        if not text.isascii() or named in (None, "utf-8"):
            return text  # whatever the page says: text in another encoding is not UTF-8 by chance
    if named not in (None, "utf-8"):
        return data.decode(named or "", "replace")
    return data.decode(guess(data).encoding or "utf-8", "replace")


def _named(data: bytes, declared: str | None) -> str | None:
    """Python's name of the encoding that is declared for a page, if that is one pages are written in."""
    found = _META.search(data[:_HEAD])
    inside = (found[1] or found[2]).decode("ascii", "replace") if found else None
    for name in (declared, inside):
        with suppress(LookupError, ValueError):
            codec = codecs.lookup(name.strip()).name if name else ""
            if _PAGES.fullmatch(known := _ALIASES.get(codec, codec)):
                return known
    return None


def tree(text: str) -> Any:
    """The root element of a page; PageError where it has none or would cost too much."""
    libraries = lxml()
    data = _MARKUP.sub(_needed, text.replace("\0", "").encode("utf-8", "replace"))
    del text  # a page may be large
    if data.count(b"<") > MOST_TAGS:
        raise PageError(f"has more than {MOST_TAGS} tags; split it, or leave it out")
    parser = libraries.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    if not data.strip():
        return None
    try:
        root = libraries.html.document_fromstring(data, parser=parser)
    except (libraries.etree.LxmlError, ValueError, AssertionError) as error:
        if "empty" in str(error).lower():
            return None
        raise PageError(f"cannot be parsed: {str(error)[:200]}; fetch it again, or leave it out") from None
    if any("RESOURCE_LIMIT" in one.type_name for one in parser.error_log):
        raise PageError(f"has elements nested more than {_DEEPEST} deep; repair it, or leave it out")
    return root


def _needed(found: Any) -> bytes:
    """What is kept of a piece of markup: lines keep their numbers.

    A tag loses its attributes where they are so many or large that reading them would take long.
    """
    whole: bytes = found[0]
    if found[2] and len(whole) <= _LONGEST_TAG:
        return whole
    lines = b"\n" * whole.count(b"\n")
    return b"<" + found[2] + lines + b">" if found[2] else lines
