#!/usr/bin/env python3
"""api.py [INCLUDE]: the public interface as JSON, for those who generate bindings: functions, arguments, shapes,
ownership, errors, thread rules; callbacks; constants; handles. lib/api.json is what it prints, and docs/bindings.md
describes its keys.

    python3 scripts/api.py >lib/api.json

What the types do not say it takes from the comments, in the uniform words that afina.h explains under CONVENTIONS:
"Shapes: values[rows][columns].", "May be NULL: reason.", "Passes on: filter.", "Threads: any.", and the names of
errors. Where one comment is about several functions, a name may say which: "next of afina_log_append()".
"""
import json
import re
import sys

import header

POINTER = re.compile(r"(const )?(\w+) (\*+|\*const \*)$")
SCALARS = {"double", "size_t", "int32_t", "int64_t", "uint64_t"}
NUMBERS = ("afina_version_number", "afina_abi_version")  # int32_t that is no status
# What every function that answers a status may answer; comments name the others.
GENERAL = {"AFINA_E_ARGUMENT", "AFINA_E_MEMORY"}
# The conventions "Fork" and "Threads".
FORKED = {"afina_optimizer", "afina_trial"}
# What they may answer wherever it can occur: the convention "Status".
OF_STUDIES = {"AFINA_E_FORKED", "AFINA_E_FILE", "AFINA_E_NOT_FOUND"}
ANY_THREAD = {"afina_optimizer"}


def listed(label, text, function):
    """The items of "LABEL: a, b, c of afina_other()." that are about this function."""
    found = []
    for clause in re.findall(rf"\b{label}: ([^.]*)\.", text):
        for item in clause.split(", "):
            name, _, owner = item.partition(" of ")
            if not owner or owner == f"{function}()":
                found.append(name)
    return found


def base_of(type_):
    """The type a pointer leads to; None for a number."""
    return None if type_ in SCALARS or not POINTER.match(type_) else POINTER.match(type_)[2]


def document_blocks(blocks):
    return [{b.kind: [list(row) for row in b.content] if b.kind == "table" else b.content} for b in blocks]


class Api:
    def __init__(self, headers):
        self.groups = [(h.name, g) for h in headers for g in h.groups]
        self.callbacks = {d.name for _, g in self.groups for d in g.declarations if d.kind == "callback"}
        self.handles = {d.name for _, g in self.groups for d in g.declarations if d.kind == "handle"}
        self.values = {c.name: c.value for _, g in self.groups for c in g.constants}
        self.statuses = {c.name for _, g in self.groups for c in g.constants if header.words(g.blocks) == "Status."}
        self.answers = {}  # the news of a function
        self.named = {}  # the errors that the comment of a function names
        self.above = set()  # those of the group before

    # ------------------------------------------------------------- arguments

    def argument(self, function, index, text):
        """One argument. `kind` says how it is passed."""
        a = function.parameters[index]
        out = {"name": a.name, "type": a.type}
        if a.type in self.callbacks:
            out["kind"] = "release" if a.type == "afina_release" else "callback"
        elif a.type in SCALARS:
            return dict(out, kind="value")
        else:
            out.update(self.pointer(function, index, text))
        out["nullable"] = (a.name in listed("May be NULL", text, function.name) or out["kind"] in ("release", "user") or
                           "capacity" in out or function.result != "int32_t")
        return out

    def pointer(self, function, index, text):
        a = function.parameters[index]
        after = [p.name for p in function.parameters[index + 1:]]
        const, base, stars = POINTER.match(a.type).groups()
        shape = {re.match(r"\w+", item)[0]: re.findall(r"\[(.*?)\]", item)
                 for item in listed("Shapes", text, function.name)}.get(a.name)
        if base == "void" and not const and "capacity" not in after:
            return {"kind": "user"}
        if base in self.handles and stars == "*":
            ends = function.name == f"{base}_free"
            return {"kind": "handle", "handle": base, "direction": "in", "ownership": "taken" if ends else "borrowed"}
        if base in self.handles and stars == "**" and not shape:
            return {"kind": "new_handle", "handle": base, "direction": "out", "ownership": "caller", "free": f"{base}_free"}
        if base == "char" and stars == "*" and not const:
            return {"kind": "text_out", "direction": "out", "capacity": "capacity", "length": "length"}
        if base == "char" and stars == "*":
            return dict({"kind": "text", "direction": "in", "ownership": "copied"},
                        **({"length": "length"} if after[:1] == ["length"] else {}))
        if base == "char" and stars == "**" and "capacity" not in after:
            return {"kind": "borrowed_text_out", "direction": "out", "ownership": "borrowed"}
        return self.array(function, a, base, bool(const) and base != "char" or "const" in stars, shape, after)

    def array(self, function, a, base, const, shape, after):
        what = {"element": "const char *" if base == "char" else base, "direction": "in" if const else "out"}
        if base in self.handles and not const:
            what.update(ownership="caller", free=f"{base}_free")
        elif base == "char":
            what.update(ownership="copied" if const else "borrowed")
        if f"{a.name}_capacity" in after:
            return dict(what, kind="array_out", capacity=f"{a.name}_capacity", count=f"{a.name}_count")
        if shape:
            return dict(what, kind="array" if const else "array_out", shape=shape)
        if not const and "capacity" in after and a.name != "step":
            return dict(what, kind="array_out", capacity="capacity", count=after[after.index("capacity") + 1])
        if const:
            length = next((n for n in after if re.fullmatch(r"count|n|size|length|\w+_count", n)), None)
            if not length:
                raise ValueError(f'{function.name}(): how long is {a.name}? The comment should end "Shapes: {a.name}[...]."')
            return dict(what, kind="array", shape=[length])
        return {"kind": "value_out", "direction": "out", "element": base}

    # --------------------------------------------------------------- answers

    @staticmethod
    def sentences_of(function, group, text):
        """Without those that are about other functions of the group: "afina_constant_value() answers AFINA_E_NAME"."""
        names = {d.name for d in group.declarations}
        for sentence in re.split(r"(?<=[.:;]) ", text):
            about = set(re.findall(r"(afina_\w+)\(\)", sentence)) & names
            if not about or function in about:
                yield sentence

    def own_errors(self, function, group):
        """What the comment names or refers to, and what the comments name that hold for the section."""
        text = header.words(group.blocks)
        found = {e for s in self.sentences_of(function, group, text) for e in re.findall(r"AFINA_E_\w+", s)}
        for other in re.findall(r"(?:rrors as|rrors of|those of|as in|rrors as in) (above|the functions above|afina_\w+)", text):
            found |= self.named.get(other, set()) if other.startswith("afina_") else self.above
        shared = header.words(group.shared)
        if "Errors" in shared:
            found |= set(re.findall(r"AFINA_E_\w+", shared[shared.rindex("Errors"):]))
        return found

    def errors(self, function):
        handles = {base_of(p.type) for p in function.parameters if p.type.endswith(" *")}
        found = self.named[function.name] | GENERAL
        found |= OF_STUDIES if handles & FORKED else set()
        return found | ({"AFINA_E_STATE"} if "afina_trial" in handles else set())

    def news(self, function, group, text):
        """What a table of answers holds, what "News: ..." names, and what "Answers ... as afina_other()" refers to."""
        terms = " ".join(row[0] for b in group.blocks if b.kind == "table" for row in b.content)
        found = set(re.findall(r"AFINA_(?!E_)\w+", terms)) | set(listed("News", text, function.name))
        for other in re.findall(r"Answers and errors as (afina_\w+)", text):
            found |= self.answers[other]
        self.answers[function.name] = found
        return found - {"AFINA_OK"}

    def status_names(self, names):
        return sorted(names & self.statuses, key=lambda n: (self.values[n] < 0, abs(self.values[n])))

    def result(self, function):
        if function.result == "int32_t" and function.name not in NUMBERS:
            return {"type": "int32_t", "kind": "status"}
        if function.result == "const char *":
            return {"type": "const char *", "kind": "text", "ownership": "borrowed"}
        if "*" in function.result:
            return {"type": function.result, "kind": "handle", "handle": base_of(function.result), "ownership": "borrowed"}
        return {"type": function.result, "kind": "none" if function.result == "void" else "value"}

    def thread_rule(self, function):
        """The handle whose rule counts, see "threads" of the handles; "any" without one."""
        handles = [base_of(p.type) for p in function.parameters if p.type.endswith(" *")]
        return next((h for h in handles if h in self.handles), "any")

    # ------------------------------------------------------------------ parts

    def arguments(self, function, text):
        return [self.argument(function, i, text) for i in range(len(function.parameters))]

    def function(self, function, group, first, file):
        text = header.words(group.blocks)
        out = {"name": function.name, "header": file, "section": group.section,
               "experimental": file.endswith("_experimental.h"), "since": group.since, "group": first,
               "c": function.text, "returns": self.result(function), "arguments": self.arguments(function, text)}
        if out["returns"]["kind"] == "status":
            out["news"] = self.status_names(self.news(function, group, text))
            out["errors"] = self.status_names(self.errors(function))
            out["passes_on"] = listed("Passes on", text, function.name)
        out["threads"] = self.thread_rule(function)
        out["signal_safe"] = "from a signal handler" in text
        return out

    def callback(self, callback, group, first, file):
        text = header.words(group.blocks)
        out = {"name": callback.name, "header": file, "group": first, "c": callback.text,
               "returns": {"type": callback.result, "kind": "none" if callback.result == "void" else "status"},
               "arguments": self.arguments(callback, text)}
        return out

    def handle(self, handle, group, first, file):
        rule = listed("Threads", header.words(group.blocks).replace(", ", "\0"), "")
        return {"name": handle.name, "header": file, "group": first, "free": f"{handle.name}_free",
                "threads": rule[0].replace("\0", ", ") if rule else "any" if handle.name in ANY_THREAD else "one at a time",
                "after_fork": "AFINA_E_FORKED" if handle.name in FORKED else "goes on"}

    def document(self, version, conventions):
        out = {"name": "afina", "version": version, "conventions": conventions, "handles": [], "constants": [],
               "callbacks": [], "functions": [], "groups": []}
        for file, group in self.groups:
            first = [*group.declarations, *group.constants][0].name
            out["groups"].append({"name": first, "section": group.section, "comment": document_blocks(group.blocks)})
            out["constants"] += [{"name": c.name, "value": c.value, "comment": c.comment, "header": file, "group": first}
                                 for c in group.constants]
            for d in group.declarations:
                self.named[d.name] = self.own_errors(d.name, group)
                out[f"{d.kind}s"].append(getattr(self, d.kind)(d, group, first, file))
            if any(d.kind == "function" for d in group.declarations):
                self.above = set().union(*(self.named[d.name] for d in group.declarations))
        return out


def main():
    include = sys.argv[1] if len(sys.argv) > 1 else "include"
    headers = [header.read(f"{include}/{name}.h") for name in ("afina", "afina_mlp", "afina_experimental")]
    conventions = dict(next(b.content for b in headers[0].blocks if b.kind == "table" and b.content[0][0] == "Status"))
    with open("Makefile", encoding="utf-8") as makefile:
        version = re.search(r"^VERSION := (\S+)", makefile.read(), re.M)[1]
    print(json.dumps(Api(headers).document(version, conventions), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
