#!/usr/bin/env python3
"""Makes the wheel of the Python package, which serves every Python from 3.9 on.

    python3 scripts/python-wheel.py lib/libafina.so.0 build/wheel

The library and what it needs beyond the C library are copied into the package under names of their own, and find each
other by $ORIGIN: neither a GSL nor a BLAS of the system or of another package in the same process answers for them.
The same inputs give the same bytes. Needs patchelf, strip, readelf and objdump.
"""
import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGE = os.path.join(TOP, "lib", "python")
# What every Linux has (the list of the manylinux policy, as far as it is needed).
SYSTEM = re.compile(r"(libc|libm|libpthread|libdl|librt|libgcc_s|libz|ld-linux[\w-]*)\.so\.\d+")


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout


def needed(path):
    return re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "-d", path))


def located(path):
    """soname -> file of all that the loader would load for a library."""
    return {name: place for name, place in re.findall(r"(\S+) => (/\S+)", output("ldd", path))}


def private_libraries(library):
    """soname -> file of what goes into the wheel beside the library."""
    places, found, open_files = located(library), {}, [library]
    while open_files:
        for name in needed(open_files.pop()):
            if not SYSTEM.fullmatch(name) and name not in found:
                found[name] = os.path.realpath(places[name])
                open_files.append(found[name])
    return found


def own_name(soname, path):
    """libgsl.so.27 -> libgsl-1a2b3c4d.so.27."""
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()[:8]
    stem, rest = soname.split(".so", 1)
    return f"{stem}-{digest}.so{rest}"


def copy_libraries(library, folder):
    os.makedirs(folder)
    found = private_libraries(library)
    names = {soname: own_name(soname, path) for soname, path in found.items()}
    for soname, path in [("libafina.so.0", library), *found.items()]:
        copy = os.path.join(folder, names.get(soname, soname))
        shutil.copyfile(path, copy)
        subprocess.run(["strip", "--strip-unneeded", copy], check=True)
        changes = [["--replace-needed", name, names[name]] for name in needed(copy) if name in names]
        changes += [["--set-soname", os.path.basename(copy)], ["--force-rpath", "--set-rpath", "$ORIGIN"]]
        for change in changes:  # one by one: several at once go wrong in patchelf 0.14
            subprocess.run(["patchelf", *change, copy], check=True)
    return found


def copyrights(found):
    """What Debian says of the licences of the libraries, by package."""
    texts = {}
    for path in found.values():
        owner = re.match(r"([^:]+)", output("dpkg", "-S", path)).group(1) if shutil.which("dpkg") else None
        place = f"/usr/share/doc/{owner}/copyright"
        if owner and os.path.exists(place):
            with open(place, encoding="utf-8") as file:
                texts[f"{owner}.txt"] = file.read()
    return texts


def platform_tag(folder):
    """The oldest C library that has every symbol, as a tag of a platform."""
    newest = 17
    for name in os.listdir(folder):
        text = output("objdump", "-T", os.path.join(folder, name))
        newest = max([newest] + [int(minor) for minor in re.findall(r"GLIBC_2\.(\d+)", text)])
    return f"manylinux_2_{newest}_{os.uname().machine}"


def metadata(version):
    with open(os.path.join(TOP, "docs", "python.md"), encoding="utf-8") as file:
        description = file.read()
    fields = [
        "Metadata-Version: 2.1",
        "Name: afina",
        f"Version: {version}",
        "Summary: Tunes the hyperparameters of any model: Bayesian optimisation, budgets, races, conditional spaces",
        "License: GPL-3.0-or-later",
        "Classifier: License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)",
        "Classifier: Operating System :: POSIX :: Linux",
        "Classifier: Programming Language :: Python :: 3",
        "Classifier: Topic :: Scientific/Engineering :: Artificial Intelligence",
        "Classifier: Typing :: Typed",
        "Requires-Python: >=3.9",
        "Provides-Extra: frame",
        "Requires-Dist: pandas; extra == 'frame'",
        "Provides-Extra: plot",
        "Requires-Dist: matplotlib; extra == 'plot'",
        "Provides-Extra: gest",
        "Requires-Dist: gest-api; extra == 'gest'",
        "Provides-Extra: progress",
        "Requires-Dist: tqdm; extra == 'progress'",
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(fields) + "\n\n" + description


def files_of(folder):
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "_libs"))
        for name in sorted(names):
            if name.endswith((".py", ".pyi", ".typed")):
                path = os.path.join(place, name)
                yield os.path.relpath(path, PACKAGE), path


def write_wheel(path, files):
    """`files`: (name in the wheel, bytes). The last entry is the record of all others."""
    record = []
    info = next(name for name, _ in files if name.endswith("/WHEEL")).rsplit("/", 1)[0]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as wheel:
        for name, data in files:
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(data)}\n")
            add(wheel, name, data)
        add(wheel, f"{info}/RECORD", "".join(record + [f"{info}/RECORD,,\n"]).encode())


def add(wheel, name, data):
    entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    entry.external_attr = (0o755 if "/_libs/" in name else 0o644) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    wheel.writestr(entry, data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main(library, target):
    library = os.path.realpath(library)
    version = re.search(r"\.so\.(\d+\.\d+\.\d+)$", library).group(1)
    os.makedirs(target, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        folder = os.path.join(work, "_libs")
        found = copy_libraries(library, folder)
        tag = f"py3-none-{platform_tag(folder)}"
        info = f"afina-{version}.dist-info"
        files = [(name, read(path)) for name, path in files_of(os.path.join(PACKAGE, "afina"))]
        files += [(f"afina/_libs/{name}", read(os.path.join(folder, name))) for name in sorted(os.listdir(folder))]
        files.append((f"{info}/METADATA", metadata(version).encode()))
        files.append((f"{info}/licenses/LICENSE", read(os.path.join(TOP, "LICENSE"))))
        files += [(f"{info}/licenses/{name}", text.encode()) for name, text in sorted(copyrights(found).items())]
        wheel = f"Wheel-Version: 1.0\nGenerator: afina\nRoot-Is-Purelib: false\nTag: {tag}\n"
        files.append((f"{info}/WHEEL", wheel.encode()))
        path = os.path.join(target, f"afina-{version}-{tag}.whl")
        for old in os.listdir(target):
            if old.endswith(".whl"):
                os.remove(os.path.join(target, old))
        write_wheel(path, files)
    print(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
