"""The public headers in a form for programs: what they declare, with the comment before it.

    for group in read("include/afina.h").groups: ...

A comment belongs to the declarations that follow it without an empty line; a comment with none
(the rules that several functions share) belongs to all that stand behind it in its section.
`python3 scripts/header.py include/*.h` lists what was found. No compiler is needed; a declaration
that is none of the kinds below is an error, so nothing is passed over.
"""
import collections
import re
import sys

Parameter = collections.namedtuple("Parameter", "type name")
# kind: "function", "callback", "handle"; result and parameters of a handle are None. `text` is its C.
Declaration = collections.namedtuple("Declaration", "kind name result parameters text")
Constant = collections.namedtuple("Constant", "name value comment")
# declarations and constants of one comment; `shared` are the comments that hold for the section.
Group = collections.namedtuple("Group", "section blocks shared declarations constants since")
Header = collections.namedtuple("Header", "name blocks groups")
# kind: "text" (one string), "table" (pairs of term and text), "code" (lines).
Block = collections.namedtuple("Block", "kind content")

TOKEN = re.compile(r"/\*.*?\*/|[^;{}/]+|[;{}/]", re.S)
ROW = re.compile(r"^( *)(\S(?:.*?\S)??)  +(\S.*)$")


def comment_lines(comment):
    """The lines of a comment without its stars."""
    body = comment[2:-2].split("\n")
    return [re.sub(r"^ \* ?", "", line).rstrip() if i else line.strip() for i, line in enumerate(body)]


def table(lines):
    """Rows "term  text" with their continuation lines, or None when it is none."""
    first = ROW.match(lines[0])
    if not first:
        return None
    indent, column, rows = len(first[1]), first.start(3), []
    for line in lines:
        row = ROW.match(line) or re.match(rf"^( *)(\S.{{{column - indent - 2}}}) (\S.*)$", line)
        depth = len(line) - len(line.lstrip())
        if row and depth == indent:
            rows.append([row[2], row[3]])
        elif depth > indent:
            rows[-1][1] += " " + line.strip()
        else:
            return None
    return [(term, re.sub(r"\s+", " ", text)) for term, text in rows]


def blocks(comment):
    """The paragraphs, tables and examples of a comment, in their order."""
    found = []
    for paragraph in re.split(r"\n\s*\n", "\n".join(comment_lines(comment)).strip("\n")):
        lines = [line for line in paragraph.split("\n") if line.strip()]
        if not lines:
            continue
        rows = table(lines)
        if rows:
            found.append(Block("table", rows))
        elif all(line.startswith("    ") for line in lines):
            found.append(Block("code", [line[4:] for line in lines]))
        else:
            found.append(Block("text", re.sub(r"\s+", " ", " ".join(lines)).strip()))
    return found


def words(found):
    """All text of blocks as one string."""
    return " ".join(b.content if b.kind == "text" else " ".join(map(" ".join, b.content)) if b.kind == "table" else ""
                    for b in found)


def summary(group):
    """What a comment says first, up to a full stop, a colon or a semicolon, without its parentheses."""
    text = re.sub(r" \([^()]*(\([^()]*\))?[^()]*\)(?!\w)", "", group.blocks[0].content)
    return re.split(r"[.](?= |$)|[;:](?= )|[;:]$", text)[0].replace("`", "")


def statements(text):
    """Comments and declarations at the top level, each with whether an empty line stands before it."""
    depth, statement, gap = 0, "", False
    for token in TOKEN.findall(text):
        if depth == 0 and not statement.strip():
            lead = token[:len(token) - len(token.lstrip())]
            gap = gap or "\n\n" in statement + lead
            if token.startswith("/*"):
                yield gap, token
                statement, gap = "", False
                continue
        statement += token
        depth += (token == "{") - (token == "}")
        if token == ";" and depth == 0:
            yield gap, statement.strip()
            statement, gap = "", False
    if statement.strip():
        raise ValueError("not understood: " + statement.strip())


def parameters(text):
    if text.strip() == "void":
        return []
    found = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(.*[\s*])(\w+)\s*", part, re.S)
        if not match:
            raise ValueError("a parameter without a name: " + part)
        found.append(Parameter(re.sub(r"\s+", " ", match[1]).strip(), match[2]))
    return found


def constants(text):
    """The enumerators of an enum, each with the comment behind it."""
    found = []
    for name, value, _, comment in re.findall(
            r"(AFINA_\w+)\s*=\s*(-?\d+)\s*(,\s*)?(/\*(?:(?!\*/).)*\*/)?", text, re.S):
        found.append(Constant(name, int(value), " ".join(comment_lines(comment)).strip() if comment else ""))
    return found


def declaration(text):
    flat = re.sub(r"\s+", " ", text)
    handle = re.fullmatch(r"typedef struct (\w+) \1;", flat)
    if handle:
        return Declaration("handle", handle[1], None, None, flat)
    callback = re.fullmatch(r"typedef ([\w\s*]+?) ?\(\*(\w+)\)\((.*)\);", flat)
    if callback:
        return Declaration("callback", callback[2], callback[1].strip(), parameters(callback[3]), flat)
    function = re.fullmatch(r"AFINA_API ([\w\s*]+?)(\w+)\((.*)\);", flat)
    if function:
        return Declaration("function", function[2], function[1].strip(), parameters(function[3]),
                           flat.replace("AFINA_API ", "", 1))
    raise ValueError("not understood: " + text)


def read(path):
    """The header at a path: its own comment, and the groups in their order."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    top = text[:text.index("*/") + 2]
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text[len(top):], flags=re.S)
    text = re.sub(r"^#.*$", "", text, flags=re.M)
    groups, section, shared, comment = [], "", [], None
    for gap, statement in statements(text):
        heading = re.fullmatch(r"/\* -{3,} (.*) \*/", statement)
        if heading or statement.startswith("/*"):
            if comment and not (groups[-1].declarations or groups[-1].constants):
                shared = shared + groups.pop().blocks
            if heading:
                section, shared, comment = heading[1], [], None
                continue
            comment = blocks(statement)
            since = re.search(r"Since (\d+\.\d+\.\d+)", words(comment))
            groups.append(Group(section, comment, shared, [], [], since and since[1]))
        elif gap and groups and (groups[-1].declarations or groups[-1].constants) or not groups:
            raise ValueError("without a comment: " + statement)
        elif statement.startswith("enum"):
            groups[-1].constants.extend(constants(statement))
        else:
            groups[-1].declarations.append(declaration(statement))
    return Header(path.rsplit("/", 1)[-1], blocks(top), groups)


def main():
    for path in sys.argv[1:]:
        for group in read(path).groups:
            for found in group.declarations:
                print(found.kind, found.name, len(found.parameters or []), group.since or "-", sep="\t")
            for found in group.constants:
                print("constant", found.name, found.value, group.since or "-", sep="\t")


if __name__ == "__main__":
    main()
