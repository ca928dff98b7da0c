#!/usr/bin/env bash
# The wheel runs in a fresh virtual environment without the system's GSL and BLAS, also beside a numpy that brings a BLAS
# of its own. Without patchelf or a registry the parts that need them are passed over, except in CI.
. tests/house/lib.bash

if ! command -v patchelf >/dev/null && [ -z "${CI:-}" ]; then
    check "patchelf is missing, so no wheel is made" true
    finish
fi
check "make wheel" python3 scripts/python-wheel.py "$LIB/libafina.so" "$work"
top=$PWD
wheel=$(ls "$work"/*.whl)
cp "$wheel" "$work/first"
check "the wheel is for every Python 3 on this kind of machine" sh -c "ls '$work' | grep -q '^afina-$VERSION-py3-none-manylinux_2_[0-9]*_$(uname -m).whl$'"
check "a second one has the same bytes" sh -c "python3 scripts/python-wheel.py '$LIB/libafina.so' '$work' && cmp '$wheel' '$work/first'"
check "it has no more than 25 million bytes" test "$(stat -c %s "$wheel")" -lt 25000000

python3 -m venv "$work/venv" >/dev/null
python=$work/venv/bin/python
check "it is installed without a compiler and without a registry" env PATH=/nonexistent "$python" -m pip install -q --no-index "$wheel"

cat >"$work/search.py" <<'END'
import afina
result = afina.minimize(lambda x: (x - 0.3) ** 2, {"x": (0.0, 1.0)}, 20, method="gp")
assert result.value < 1e-3, result
END
cd "$work" || exit 1
check "it finds a minimum" "$python" search.py
LD_DEBUG=libs "$python" search.py 2>&1 | sed -nE 's/.*calling init: //p' | sort -u >"$work/loaded"
check "its libraries are loaded from the package" grep -q "$work/venv/.*/afina/_libs/libopenblas" "$work/loaded"
check "none of the system's is" empty grep -E '^/(usr/)?lib/.*(gsl|blas|lapack|gfortran|quadmath|tmglib|afina)' "$work/loaded"

cat >"$work/numpy_too.py" <<'END'
import os, sys, threading
import numpy
if sys.argv[1] == "first":
    import afina
    numpy.linalg.solve(numpy.eye(300) + 1, numpy.ones(300))
import afina

def search(x, y):
    a = numpy.random.default_rng(1).random((150, 150))
    return float((x - 0.3) ** 2 + y**2 + abs(numpy.linalg.det(a / 10)) * 1e-9)

def run():
    return afina.minimize(search, {"x": (0.0, 1.0), "y": (0.0, 1.0)}, 15, method="gp", lag=2, workers=2).best

want, got = run(), []
threads = [threading.Thread(target=lambda: got.append(run())) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
child = os.fork()
if child == 0:
    os._exit(0 if run() == want else 1)
assert os.waitpid(child, 0)[1] == 0, "the child found something else"
assert got == [want] * 3, (want, got)
column = afina.minimize(search, {"x": (0.0, 1.0), "y": (0.0, 1.0)}, 5).study.column("values")
assert numpy.asarray(column).shape == (5,)
assert afina.Study({"c": [numpy.int64(1), numpy.float32(2)]}).ask()["c"] in (1, 2.0)
END
if "$python" -m pip install -q numpy >/dev/null 2>&1; then
    check "numpy and the package compute in one process, in threads and in a child" timeout 100 "$python" numpy_too.py first
    check "whichever computes first" timeout 100 "$python" numpy_too.py last
elif [ -n "${CI:-}" ]; then
    check "numpy is installed" false
fi

# What the tests of the package pass over without these, and the types.
if [ -n "${CI:-}" ] && check "matplotlib, tqdm and gest-api are installed" "$python" -m pip install -q matplotlib tqdm gest-api; then
    check "studies are drawn, and bars shown" "$python" "$top/tests/python/run.py" test_plot
    check "a generator of gest-api runs" "$python" "$top/tests/python/run.py" test_gest
    check "the first script of newcomers runs whole" "$python" "$top/tests/python/run.py" first_study
    check "the page on Python runs with pictures" "$python" "$top/tests/python/run.py" page_on_python
fi
if [ -n "${CI:-}" ] && check "scikit-learn, Optuna, pandas, pytest and mypy are installed" "$python" -m pip install -q scikit-learn optuna pandas pytest mypy; then
    check "an objective with scikit-learn runs" "$python" "$top/tests/python/run.py" suggest
    check "the page on scikit-learn and Optuna runs" "$python" "$top/tests/python/run.py" other_tools
    check "AfinaSearchCV is an estimator as those of scikit-learn" timeout 400 "$python" -W ignore "$top/tests/python/run.py" sklearn
    check "AfinaSampler is a sampler as Optuna's" "$python" "$top/tests/python/run.py" sampler
    check "Optuna's own tests of a sampler pass" timeout 200 "$python" -m pytest -q -p no:cacheprovider -W ignore \
        "$top/tests/python/samplers_of_optuna.py"
    check "a study becomes a data frame" "$python" -c '
import afina
frame = afina.minimize(lambda x: x, {"x": (0.0, 1.0)}, 3).to_frame()
assert list(frame.columns) == ["number", "state", "value", "params_x", "started", "ended"], frame'
    check "mypy --strict finds nothing in the package" "$python" -m mypy --strict --cache-dir "$work/mypy" -p afina
fi
finish
