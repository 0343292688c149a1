"""Files on their way from an operator's browser into what is indexed, one after the other."""

from __future__ import annotations

import errno
import re
import shutil
import time
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from corpus import DocumentError
from ui.failures import NotFoundError
from ui.service.aside import documents_folder

__all__ = ["Arrivals"]

FOLDER = "arriving"  # of the data folder: on the same disk, so that files need only be moved
FILES = "files"
KEPT_SECONDS = 24 * 3600  # of what was never indexed: the page was closed meanwhile

_KEY = re.compile(r"\w{1,64}", re.ASCII)


class Arrivals:
    """Batches of files, each in a folder of its own under a key."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / FOLDER

    def begin(self) -> str:
        """The key of a new batch."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.iterdir():
            if old.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
        batch = Path(mkdtemp(dir=self._folder, prefix="batch"))
        (batch / FILES).mkdir()
        return batch.name

    def put(self, key: str, name: str, data: bytes) -> None:
        """Keep a file under its name, which may have folders before it.

        Raises DocumentError for a name that no file can have, NotFoundError for an unknown key.
        """
        folder = self.folder(key)
        place = folder / _plain(name)
        if not place.resolve().is_relative_to(folder.resolve()) or place == folder:
            raise DocumentError("这个名字不能用，请改名后再收录")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            raise DocumentError("名字太长，请改短后再收录") from None

    def folder(self, key: str) -> Path:
        """Where the files of a batch are; raises NotFoundError."""
        folder = self._folder / key / FILES
        if not _KEY.fullmatch(key) or not folder.is_dir():
            raise NotFoundError("上传的文件已经不在了，请重新选择")
        return folder

    def end(self, key: str) -> None:
        """Forget a batch."""
        shutil.rmtree(self.folder(key).parent, ignore_errors=True)

    def known(self, names: Iterable[str]) -> list[str]:
        """Those of the names that were added before, so that a file of one takes its place."""
        folder = documents_folder(self._home)
        return [name for name in names if _is_file(folder, _plain(name))]


def _plain(name: str) -> PurePosixPath:
    """A name with one form for each character; a Mac sends another."""
    return PurePosixPath(unicodedata.normalize("NFC", name).replace("\0", ""))


def _is_file(folder: Path, name: PurePosixPath) -> bool:
    try:
        place = (folder / name).resolve()
        return place.is_relative_to(folder) and place.is_file()
    except OSError:  # no file can have such a name
        return False
