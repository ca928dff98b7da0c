"""Copies the documents to where they are installed, with links that lead somewhere there.

    python3 scripts/documents.py FOLDER INCLUDE HEADER...

FOLDER is where they will stand, behind an optional DESTDIR; INCLUDE is the relative path from FOLDER to
the installed headers. A link to a file of the source tree that is not installed becomes plain text.
"""
import os
import re
import shutil
import sys

DOCUMENTS = ["README.md", "CHANGELOG.md", "BENCHMARKS.md", "LICENSE"]
FOLDERS = ["docs", "examples"]
MOVED = {"lib/api.json": "api.json"}
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")


def files():
    """What is installed, by its path in the source tree."""
    found = [name for name in DOCUMENTS if os.path.exists(name)]
    for top in FOLDERS:
        for folder, _, names in os.walk(top):
            found += [os.path.join(folder, name) for name in names if not name.startswith(".") and "__pycache__" not in folder]
    return sorted(found)


def relinked(text, path, installed, include, headers):
    """A document whose links lead to what is installed."""
    here = os.path.dirname(path)
    up = "../" * path.count("/")

    def link(match):
        image, label, target = match.groups()
        if re.match(r"[a-z]+:|#", target):
            return match[0]
        name, _, part = target.partition("#")
        name = os.path.normpath(os.path.join(here, name))
        if name in headers:
            return f"{image}[{label}]({up}{include}/{os.path.basename(name)})"
        if name in MOVED:
            return f"{image}[{label}]({up}{MOVED[name]})"
        known = name in installed or any(other.startswith(name + "/") for other in installed)
        return match[0] if known else label

    return LINK.sub(link, text)


def main():
    folder, include, *headers = sys.argv[1:]
    installed = files()
    os.umask(0o022)
    for path in installed:
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if path.endswith(".md"):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            with open(target, "w", encoding="utf-8") as file:
                file.write(relinked(text, path, installed, include, headers))
        else:
            shutil.copyfile(path, target)
        os.chmod(target, 0o644)


if __name__ == "__main__":
    main()
