"""check_vectors.py SPACES VECTORS: the problems here and those of the C runner have the same values, to 1e-12 relative,
at every recorded point. Problems that have no definition here are counted and named."""
import csv
import math
import sys

import problems


def point(space, text):
    values = {}
    for p, part in zip(space.parameters, text.split(";")):
        if part:
            values[p.name] = float(part) if p.kind == "real" else int(part) if p.kind == "integer" else part
    return values


def same(a, b):
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return abs(a - b) <= 1e-12 * max(1e-3, abs(a), abs(b))


def main():
    known, _ = problems.read(sys.argv[1])
    table = {(p.name, p.instance): p for p in known}
    rows, wrong, without = 0, 0, set()
    with open(sys.argv[2], newline="") as f:
        for row in csv.DictReader(f):
            p = table.get((row["problem"], int(row["instance"])))
            if p is None:
                without.add(row["problem"])
                continue
            values = point(p.space, row["point"])
            ours, theirs = p.value(values), float(row["value"])
            rows += 1
            if set(p.space.active(values)) != set(values) or not same(ours, theirs):
                wrong += 1
                print("%s, instance %d, row %s: %.17g here, %.17g recorded" % (p.name, p.instance, row["row"], ours, theirs))
    print("%d of %d values agree, %d problems%s" % (rows - wrong, rows, len(table),
          "; %d have no definition here and are asked of the runner (%s)" % (
              len(without), ", ".join(sorted({w.split("_")[0] for w in without}))) if without else ""))
    sys.exit(wrong > 0 or rows == 0)


if __name__ == "__main__":
    main()
