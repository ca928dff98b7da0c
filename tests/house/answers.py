"""What functions answer, held against lib/api.json.

answers.py wrap API FOLDER: writes FOLDER/wrap.c and FOLDER/flags, with which a test program notes every status that a
public function answers in the file named by AFINA_ANSWERS.
answers.py compare API FILE...: prints each answer that lib/api.json does not know; what a callback answered, where a
function passes it on, may be any.
"""
import json
import sys


def status_functions(api):
    return [f for f in api["functions"] if f["returns"]["kind"] == "status"]


def statuses(api):
    return {c["value"]: c["name"] for c in api["constants"] if c["group"] == "AFINA_OK"}


NOTE = """
static unsigned char seen[%d][64];

static int32_t note(int function, const char *name, int32_t status)
{
    const char *path = getenv("AFINA_ANSWERS");
    if (path && status && status > -32 && status < 32 &&
        !__atomic_exchange_n(&seen[function][status + 32], 1, __ATOMIC_RELAXED)) {
        char line[128];
        int length = snprintf(line, sizeof line, "%%s %%d\\n", name, (int)status);
        int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
        if (file < 0 || write(file, line, (size_t)length) != length)
            abort();
        close(file);
    }
    return status;
}
"""


def wrap(api, folder):
    functions = status_functions(api)
    with open(f"{folder}/wrap.c", "w", encoding="utf-8") as out:
        for name in ["afina.h", "afina_experimental.h", "afina_mlp.h"]:
            out.write(f'#include "{name}"\n')
        for name in ["fcntl.h", "stdio.h", "stdlib.h", "unistd.h"]:
            out.write(f"#include <{name}>\n")
        out.write(NOTE % len(functions))
        for n, f in enumerate(functions):
            real, wrapped = (f["c"].replace(f["name"] + "(", prefix + f["name"] + "(") for prefix in ("__real_", "__wrap_"))
            names = ", ".join(a["name"] for a in f["arguments"])
            out.write(f"{real}\n{wrapped}\n{wrapped[:-1]}\n{{\n"
                      f'    return note({n}, "{f["name"]}", __real_{f["name"]}({names}));\n}}\n')
    with open(f"{folder}/flags", "w", encoding="utf-8") as out:
        out.write("".join(f"-Wl,--wrap={f['name']}\n" for f in functions))


def compare(api, files):
    known = {f["name"]: (set(f["errors"]) | set(f["news"]), f["passes_on"]) for f in status_functions(api)}
    names, wrong, seen = statuses(api), 0, set()
    for file in files:
        for line in open(file, encoding="utf-8"):
            seen.add(tuple(line.split()))
    for function, status in sorted(seen):
        name = names.get(int(status), status)
        if name not in known[function][0] and not known[function][1]:
            wrong += 1
            print(f"{function}() answered {name}: its comment in the header does not say so")
    print(f"{len(seen)} answers of {len({f for f, _ in seen})} functions", file=sys.stderr)
    return wrong or not seen


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as text:
        document = json.load(text)
    sys.exit(wrap(document, sys.argv[3]) if sys.argv[1] == "wrap" else compare(document, sys.argv[3:]) > 0)
