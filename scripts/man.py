"""Writes the manual pages: afina(3), and one for each comment of the public headers, under the
names of all functions and callbacks that it describes.

    python3 scripts/man.py FOLDER VERSION DATE include/*.h

There is no text of the functions here: it is that of the headers.
"""
import os
import re
import sys
import textwrap

import header

WIDTH = 78
STATUS = re.compile(r"AFINA_E_\w+")
FUNCTION = re.compile(r"\b(afina_\w+)\(\)")


# ---------------------------------------------------------------------- roff

def escape(text):
    return text.replace("\\", "\\e").replace("-", "\\-").replace("^", "\\(ha").replace("~", "\\(ti")


def prose(text):
    """Text with the names in it set off; hyphens inside words stay hyphens."""
    text = re.sub(r"(?<=[A-Za-z])\\-(?=[A-Za-z])", "-", escape(text))
    text = re.sub(r"`([^`]*)`", r"\\fI\1\\fP", text)
    text = re.sub(r"\b(afina_\w+)\(\)", r"\\fB\1\\fP(3)", text)
    text = re.sub(r"\b(AFINA_[A-Z_]*[A-Z](?:_\*)?|AFINA_\*)(?![\w*])", r"\\fB\1\\fP", text)
    return re.sub(r"(?<![\w*\\])(\*[a-z]\w*)\b", r"\\fI\1\\fP", text)


def guarded(line):
    """A line that roff takes as text."""
    return "\\&" + line if line[:1] in (".", "'") else line


def filled(text):
    """Lines of a paragraph, a sentence beginning a line."""
    lines = []
    for sentence in re.split(r"(?<=[a-z0-9)\]\"P][.?])\s+(?=[A-Z\"\\\[])", prose(text)):
        lines += textwrap.wrap(sentence, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [guarded(line) for line in lines]


def rows(table):
    lines = []
    for term, text in table:
        first, *more = textwrap.wrap(escape(term.replace("`", "")), WIDTH - 6, break_on_hyphens=False)
        lines += [".TP", guarded(f"\\fB{first}\\fP")]
        lines += [line for part in more for line in (".TQ", f"\\fB{part}\\fP")] + filled(text)
    return lines + [".PP"]


def example(code):
    return [".PP", ".in +4n", ".EX"] + [guarded(escape(line)) for line in code] + [".EE", ".in", ".PP"]


def described(blocks):
    """Paragraphs, tables and examples, one after the other."""
    lines = []
    for block in blocks:
        if block.kind == "text":
            lines += [".PP"] + filled(block.content)
        elif block.kind == "table":
            lines += rows(block.content)
        else:
            lines += example(block.content)
    return tidy(lines)


def tidy(lines):
    """Paragraph marks only where a paragraph follows, and one at a time."""
    kept = []
    for i, line in enumerate(lines):
        after = lines[i + 1] if i + 1 < len(lines) else ".SH"
        before = kept[-1] if kept else ".SH"
        if line == ".PP" and (after[:3] in (".PP", ".TP", ".SH", ".SS") or before[:3] in (".SH", ".SS")):
            continue
        kept.append(line)
    return kept


def prototype(found):
    """The C of a function, broken after commas: names of parameters in italics."""
    if found.kind == "callback":
        start = f"typedef {found.result} (*{found.name})("
    else:
        start = found.result + ("" if found.result.endswith("*") else " ") + found.name + "("
    parts = [p.type + ("" if p.type.endswith("*") else " ") + "\0" + p.name + "\0" for p in found.parameters] or ["void"]
    lines, line = [], start
    for i, part in enumerate(parts):
        part += ", " if i + 1 < len(parts) else ");"
        if len(line.replace("\0", "")) + len(part.replace("\0", "").rstrip()) > WIDTH and line != start:
            lines.append(line.rstrip())
            line = " " * min(len(start), 24)
        line += part
    lines.append(line)
    return ["\\fB" + re.sub("\0(.*?)\0", r"\\fI\1\\fB", escape(line)) + "\\fP" for line in lines]


# --------------------------------------------------------------------- pages

def title(name, date, version):
    return ['.\\" Written by scripts/man.py from the comments of the headers.',
            f'.TH {name.upper()} 3 "{date}" "afina {version}" "afina manual"']


def behind(name, said):
    """What a comment says behind the name of an error: in parentheses, after a colon, or when it comes."""
    inside, piece = r"(?:[^()]|\([^()]*\))*", r"(?:\([^()]*\)|[^.;(])"
    begins = r"(?:also |there )?(?:when|where|for|after|unless|before|with|until|while|in|beyond)\b"
    found = re.search(name + rf"(?:,? \(({inside})\)|: ({piece}*)| ({begins}(?:(?!, AFINA){piece})*))", said)
    return ": " + next(filter(None, found.groups())).strip() if found else ""


class Page:
    """What is said of the functions and callbacks of one comment."""

    def __init__(self, file, group):
        self.file, self.group = file, group
        self.found = [d for d in group.declarations if d.kind != "handle"]
        self.names = [d.name for d in self.found]
        self.summary = header.summary(group)
        self.all = header.words(group.blocks + group.shared)

    def status_functions(self):
        return [d for d in self.found if d.kind == "callback" or d.result == "int32_t" and d.parameters]

    def status_table(self, block):
        """What functions answer; that of a callback is part of its description."""
        return block.kind == "table" and block.content[0][0].startswith("AFINA_OK") and \
            any(d.kind == "function" for d in self.found)

    def statuses(self):
        """The rows of a table of what the functions answer."""
        return [row for block in self.group.blocks if self.status_table(block) for row in block.content]

    def name(self):
        text = self.summary[:1].lower() + self.summary[1:] if self.summary[1:2].islower() or self.summary[:2] == "A " \
            else self.summary
        return [".SH NAME"] + textwrap.wrap(", ".join(self.names), WIDTH) + [f"\\- {prose_plain(text)}"]

    def synopsis(self):
        lines = [".SH LIBRARY", "afina", "(\\fIlibafina\\fP, \\fI\\-lafina\\fP)", ".SH SYNOPSIS", ".nf",
                 f"\\fB#include <{self.file}>\\fP", ".PP"]
        for found in self.found:
            lines += prototype(found)
        return lines + [".fi"]

    def description(self):
        own = [b for b in self.group.blocks if not self.status_table(b)]
        own = [b._replace(content=re.sub(r"\s*Since \d+\.\d+\.\d+\.$", "", b.content)) if b.kind == "text" else b
               for b in own]
        lines = [".SH DESCRIPTION"] + described([b for b in own if b.content])
        if self.group.shared:
            lines += [".SS " + escape("Rules of the whole section: " + self.group.section)] + described(self.group.shared)
        return tidy(lines)

    def answers(self):
        """One sentence for each kind of result."""
        kinds = {"int32_t": "a status: \\fBAFINA_OK\\fP (0), a negative error,\nor other news by a positive number",
                 "text": "text, or NULL where the description says so", "void": "nothing"}
        groups = {}
        for d in self.found:
            kind = "int32_t" if d in self.status_functions() and d.result == "int32_t" else \
                "text" if d.result.endswith("*") and "char" in d.result else d.result
            groups.setdefault(kinds.get(kind, f"\\fI{escape(d.result)}\\fP as described"), []).append(d)
        lines = [".SH RETURN VALUE"]
        for text, found in groups.items():
            verb = "returns" if len(found) == 1 else "return"
            names = "This function" if len(self.found) == 1 else ",\n".join(f"\\fB{d.name}\\fP()" for d in found)
            if self.found[0].kind == "callback" and len(self.found) == 1:
                names = "The function of the host"
            lines += [".PP"] + f"{names}\n{verb} {text}.".split("\n")
        return tidy(lines + rows([row for row in self.statuses() if not STATUS.match(row[0])]))

    def errors(self, meanings):
        """Every error that the comment names, what it means, and what the comment says behind it."""
        if not any(d.kind == "function" for d in self.status_functions()):
            return []
        said = header.words([b for b in self.group.blocks if not self.status_table(b)] + self.group.shared)
        named = list(dict.fromkeys(STATUS.findall(said)))
        lines = [".SH ERRORS"] + rows([row for row in self.statuses() if STATUS.match(row[0])])
        for name in named:
            meaning = meanings[name] + behind(name, said)
            lines += [".TP", f"\\fB{name}\\fP"] + filled(meaning + ".")
        others = re.findall(r"[Ee]rrors (?:as in|as|of) (afina_\w+\(\))", said)
        lines += [".PP"]
        named += self.statuses()
        if others:
            lines += filled("And those of " + ", ".join(dict.fromkeys(others)) + ".")
        lines += filled(("Besides: " if named or others else "") +
                        "AFINA_E_ARGUMENT for a NULL that is not allowed, and AFINA_E_MEMORY when an allocation fails. "
                        "afina_last_error() says what was wrong.")
        return tidy(lines)

    def end(self, pages, neighbours):
        lines = [".SH HISTORY", f"Since afina {self.group.since}."] if self.group.since else []
        if self.file == "afina_experimental.h":
            lines += [".SH NOTES", "Not settled yet: it may change or go with any release."]
        also = sorted((set(FUNCTION.findall(self.all)) & set(pages) | set(neighbours)) - set(self.names))
        return lines + [".SH SEE ALSO", ".BR afina (3)" + ("," if also else "")] + \
            [f".BR {name} (3)" + ("," if i + 1 < len(also) else "") for i, name in enumerate(also)]

    def text(self, meanings, pages, neighbours, date, version):
        return title(self.names[0], date, version) + self.name() + self.synopsis() + self.description() + \
            self.answers() + self.errors(meanings) + self.end(pages, neighbours)


def prose_plain(text):
    """The text of NAME, which has no font changes."""
    return re.sub(r"(?<=[A-Za-z])\\-(?=[A-Za-z])", "-", escape(text))


def overview(headers, pages, date, version):
    """afina(3): the conventions, the constants, and where each function is described."""
    main = headers[0]
    lines = title("afina", date, version) + [".SH NAME", "afina \\- tune the hyperparameters of any model",
                                             ".SH LIBRARY", "afina", "(\\fIlibafina\\fP, \\fI\\-lafina\\fP)",
                                             ".SH SYNOPSIS", ".nf"]
    lines += [f"\\fB#include <{h.name}>\\fP" for h in headers] + [".PP"]
    lines += ["\\fBcc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs afina)\\fP", ".fi", ".SH DESCRIPTION"]
    heading = next(i for i, b in enumerate(main.blocks) if b.content == "CONVENTIONS")
    about = [b for b in main.blocks[:heading] if not str(b.content).startswith(("afina.h - ", "SPDX-"))]
    lines += described(about) + [".SS Conventions"] + described(main.blocks[heading + 1:])
    lines += [".SS Handles"]
    handles = [(d.name, header.summary(g) + ".") for h in headers for g in h.groups for d in g.declarations
               if d.kind == "handle"]
    lines += rows(handles) + [".SH FUNCTIONS"]
    for section in dict.fromkeys(p.group.section for p in unique(pages)):
        lines += [".SS " + escape((section or "the reference network and experimental functions").capitalize())]
        lines += rows([(", ".join(n + "(3)" for n in p.names), p.summary + ".") for p in unique(pages)
                       if p.group.section == section])
    lines += [".SH CONSTANTS"]
    for h in headers:
        for group in h.groups:
            if group.constants:
                lines += [".PP"] + filled(header.words(group.blocks))
                lines += rows([(f"{c.name} = {c.value}", (c.comment or c.name.lower().rsplit("_", 1)[1]) + ".")
                               for c in group.constants])
    lines += [".SH NOTES"] + filled("The pages of the functions are the comments of the headers. What they call docs/ is "
                                    "installed with the documentation of afina, as are complete programs.")
    return tidy(lines)


def unique(pages):
    return list(dict.fromkeys(pages.values()))


def main():
    folder, version, date, *paths = sys.argv[1:]
    headers = [header.read(path) for path in paths]
    pages, meanings = {}, {}
    for h in headers:
        for group in h.groups:
            meanings.update({c.name: c.comment for c in group.constants})
            page = Page(h.name, group)
            pages.update({name: page for name in page.names})
    written = unique(pages)
    os.makedirs(folder, exist_ok=True)

    def write(name, lines):
        with open(os.path.join(folder, name + ".3"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    write("afina", overview(headers, pages, date, version))
    for i, page in enumerate(written):
        near = [p.names[0] for p in written[max(i - 1, 0):i + 2] if p.group.section == page.group.section]
        write(page.names[0], page.text(meanings, pages, near, date, version))
        for name in page.names[1:]:
            write(name, [f".so man3/{page.names[0]}.3"])


if __name__ == "__main__":
    main()
