"""cpp_faces.py API HEADER...: prints each public function that has no face in the C++ headers and no reason for it, and
each constant likewise. With --used it prints the functions that the headers call."""
import json
import re
import sys

READS_NO_HEADER = "is for languages that cannot read a header"
NOT_SETTLED = "may change or go with any release; afina.hpp calls only what is promised"
REASONS = {
    "afina_constant_count": READS_NO_HEADER,
    "afina_constant_name": READS_NO_HEADER,
    "afina_constant_value": READS_NO_HEADER,
    "afina_model_fallbacks": NOT_SETTLED,
}


def code_of(paths):
    """The text of the headers without comments, which name functions that they do not call."""
    text = "".join(open(path, encoding="utf-8").read() for path in paths)
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)


def gaps(api, names):
    for name in (f["name"] for f in api["functions"]):
        if name not in names and name not in REASONS:
            yield f"{name}() has no face in C++, and no reason for that stands in tests/house/cpp_faces.py"
        if name in names and name in REASONS:
            yield f"{name}() has a face in C++: its reason for having none has to go"
    for name in sorted(set(REASONS) - {f["name"] for f in api["functions"]}):
        yield f"{name}(), which has a reason, is no function of the library"
    for name in (c["name"] for c in api["constants"]):
        if name not in names and not name.startswith("AFINA_E_"):  # a status is compared with its number
            yield f"{name} has no name in C++"


def main(arguments):
    only_used = arguments[0] == "--used"
    path, *headers = arguments[only_used:]
    with open(path, encoding="utf-8") as file:
        api = json.load(file)
    names = set(re.findall(r"\bafina_\w+|\bAFINA_\w+", code_of(headers)))
    if only_used:
        print(*sorted(names & {f["name"] for f in api["functions"]}), sep="\n")
        return 0
    found = list(gaps(api, names))
    print(*found, sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
