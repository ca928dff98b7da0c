"""install.py VENVS OUT [GROUP...]: a virtual environment for each requirements/GROUP.txt, made once. What cannot be
installed is written to OUT/installed.jsonl with the reason and leaves the others alone."""
import glob
import json
import os
import subprocess
import sys
import venv

HERE = os.path.dirname(os.path.abspath(__file__))


def pip(python, words):
    done = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check"] + words,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("ERROR")] or done.stdout.splitlines()
    return "" if done.returncode == 0 else (lines[-1] if lines else "pip ended with %d" % done.returncode)


def lines_of(path):
    with open(path) as f:
        lines = [line.strip() for line in f if line.strip() and not line.startswith("#")]
    return [n for n in lines if not n.startswith("--")], [n for n in lines if n.startswith("--")]


def install(python, path):
    """All at once; when that fails, one by one, so that one bad package costs only itself."""
    together, alone = lines_of(path)
    reasons = {}
    if pip(python, together):
        reasons = {name: pip(python, [name]) for name in together}
    reasons.update({name.split()[-1]: pip(python, name.split()) for name in alone})
    return {name: reason for name, reason in reasons.items() if reason}


def main():
    venvs, out, groups = sys.argv[1], sys.argv[2], sys.argv[3:]
    os.makedirs(out, exist_ok=True)
    for path in sorted(glob.glob(os.path.join(HERE, "requirements", "*.txt"))):
        group = os.path.basename(path)[:-4]
        stamp = os.path.join(venvs, group, "installed")
        if groups and group not in groups or os.path.exists(stamp) and os.path.getmtime(stamp) >= os.path.getmtime(path):
            continue
        print("installing the group %s into %s" % (group, os.path.join(venvs, group)), flush=True)
        python = os.path.join(venvs, group, "bin", "python")
        try:
            if not os.path.exists(python):
                venv.create(os.path.join(venvs, group), with_pip=True, symlinks=True)
            failed = install(python, path)
        except (OSError, subprocess.CalledProcessError) as error:
            failed = {group: "no virtual environment: %s" % error}
        with open(os.path.join(out, "installed.jsonl"), "a") as f:
            f.write(json.dumps({"group": group, "failed": failed}) + "\n")
        for name, reason in failed.items():
            print("  %s cannot be installed: %s" % (name, reason))
        if not failed:
            with open(stamp, "w"):
                pass


if __name__ == "__main__":
    main()
