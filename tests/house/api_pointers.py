"""api_pointers.py API LIBRARY: passes NULL for one pointer after the other to every function of lib/api.json and
prints where the answer is another one than the file says: AFINA_E_ARGUMENT for a pointer that may not be NULL, no
AFINA_E_ARGUMENT for one that may. A function that answers no status has to stand NULL for all of them."""
import ctypes as c
import json
import sys

TYPES = {"int32_t": c.c_int32, "int64_t": c.c_int64, "uint64_t": c.c_uint64, "size_t": c.c_size_t, "double": c.c_double}
TEXTS = {"method": b"random", "scheme": b"kfold", "path": b"/nowhere", "key": b"seed", "rule": b"mean", "trait": b"learns",
         "option": b"seed", "metric": b"error", "value": b"a", "text": b"{}", "features": b"/nowhere", "targets": b"/nowhere"}
VALUES = {"capacity": 0, "direction": 0, "task": 0, "header": 1, "number": 0, "low": 0, "high": 1, "trials": 1, "draws": 2,
          "training_capacity": 0, "validation_capacity": 0, "length": 2, "confidence": 0.9, "index": 0, "rank": 0,
          "posthoc": 0, "p": 0.5, "step": 1, "seconds": 0, "rows": 2, "columns": 2, "sd": 1, "share": 0.5, "count": 2,
          "state": 1, "epochs": 1, "output": 0, "objective": 0, "first": 0, "position": 0, "scale": 0, "comparison": 2}
ARGUMENT = -1

api = json.load(open(sys.argv[1], encoding="utf-8"))
library = c.CDLL(sys.argv[2])
handles = {h["name"]: h for h in api["handles"]}


def number_type(name):
    return TYPES[name]


callbacks = {}
for cb in api["callbacks"]:
    types = [TYPES.get(a["type"], c.c_void_p) for a in cb["arguments"]]
    kind = c.CFUNCTYPE(c.c_int32 if cb["returns"]["kind"] == "status" else None, *types)
    callbacks[cb["name"]] = kind(lambda *_: 0)


def call(name, *arguments):
    return getattr(library, name)(*arguments)


def made(name, *arguments):
    out = c.c_void_p()
    if call(name, c.byref(out), *arguments) != 0:
        call_text = getattr(library, "afina_last_error")
        call_text.restype = c.c_char_p
        raise RuntimeError(f"{name}: {call_text().decode()}")
    return out


def doubles(*values):
    return (c.c_double * len(values))(*values)


class World:
    """One handle of each kind, made anew for every call."""

    def __init__(self):
        self.made = {}

    def handle(self, name):
        if name not in self.made:
            self.made[name] = getattr(self, name.replace("afina_", ""))()
        return self.made[name]

    def space(self):
        space = made("afina_space_new")
        call("afina_space_add_real", space, b"x", c.c_double(0), c.c_double(1), 0)
        choices = (c.c_char_p * 2)(b"a", b"b")
        call("afina_space_add_categorical", space, b"choice", choices, c.c_size_t(2))
        return space

    def point(self):
        return made("afina_point_new", self.handle("afina_space"))

    def optimizer(self):
        optimizer = made("afina_optimizer_new", self.handle("afina_space"), b"random")
        for value in (1.0, 2.0):
            trial = made_trial(optimizer)
            call("afina_trial_tell", trial, doubles(value), c.c_size_t(1))
            call("afina_trial_free", trial)
        return optimizer

    def trial(self):
        return made_trial(self.handle("afina_optimizer"))

    def resampling(self):
        return made("afina_resampling_new", b"kfold", c.c_size_t(20))

    def experiment(self):
        return made("afina_experiment_new", self.handle("afina_resampling"), callbacks["afina_evaluate"], None, None)

    def dry_run(self):
        return made("afina_dry_run_new", self.handle("afina_optimizer"), callbacks["afina_objective"], None)

    def final(self):
        return made("afina_final_new", self.handle("afina_optimizer"), c.c_double(0.9), c.c_double(0))

    def dataset(self):
        return made("afina_dataset_from_arrays", doubles(*range(12)), c.c_size_t(6), c.c_size_t(2), doubles(0, 1, 0, 1, 0, 1), 0)

    def mlp(self):
        mlp = made("afina_mlp_new", self.handle("afina_dataset"))
        call("afina_mlp_set_integer", mlp, b"epochs", c.c_int64(1))
        return mlp

    def mlp_point(self):
        space = c.c_void_p()
        call("afina_mlp_space", self.handle("afina_mlp"), c.byref(space))
        self.made["afina_space"] = space
        return made("afina_point_new", space)

    def network(self):
        return made("afina_network_train", self.handle("afina_mlp"), self.mlp_point(), c.c_uint64(1))

    def training(self):
        return made("afina_training_new", self.handle("afina_mlp"), self.mlp_point(), c.c_uint64(1))

    def free(self):
        for name in reversed(list(self.made)):
            call(handles[name]["free"], self.made[name])


def made_trial(optimizer):
    out = c.c_void_p()
    call("afina_ask", optimizer, c.byref(out))
    return out


def argument(world, function, a):
    """A value that is right for its type, and mostly for its meaning."""
    if a["kind"] == "handle":
        return world.handle(a["handle"])
    if a["kind"] == "value":
        value = VALUES.get(a["name"], 2)
        return number_type(a["type"])(value)
    if a["kind"] == "text":
        return c.c_char_p(TEXTS.get(a["name"], b"x"))
    if a["kind"] in ("callback", "release"):
        return callbacks[a["type"]]
    if a["kind"] == "user":
        return world.handle("afina_experiment") if a["name"] == "experiment" else \
            world.handle("afina_mlp") if function["name"] == "afina_mlp_objective" else None
    if a["kind"] == "array" and a["element"] == "const char *":
        return (c.c_char_p * 4)(b"random", b"sobol", b"c", b"d")
    if a["kind"] == "array" and a["element"] in handles:
        return (c.c_void_p * 2)(*[world.handle(a["element"]).value] * 2)
    if a["kind"] == "array":
        return (TYPES.get(a["element"], c.c_char) * 64)(*([0.5, 1.5] if a["element"] == "double" else []))
    return (c.c_uint64 * 64)()


def answer(function, null=None, empty=False):
    world = World()
    values = [None if a is null or (empty and a["kind"] != "value") or (null and a["kind"] == "release") else
              argument(world, function, a)
              for a in function["arguments"]]
    f = getattr(library, function["name"])
    f.restype = {"none": None, "status": c.c_int32}.get(function["returns"]["kind"], c.c_void_p)
    rc = f(*values)
    world.free()
    return rc


wrong = 0
for function in api["functions"]:
    if function["returns"]["kind"] != "status":
        answer(function, empty=True)
        continue
    usual = answer(function)
    for a in function["arguments"]:
        if "nullable" not in a or a["kind"] in ("user", "release"):
            continue
        rc = answer(function, null=a)
        if (rc == ARGUMENT) == a["nullable"] and not (usual < 0 and rc == usual):
            wrong += 1
            print(f"{function['name']}(): {a['name']} is NULL: {rc}, lib/api.json says " +
                  ("that it may be" if a["nullable"] else "that it may not be"))
sys.exit(wrong > 0)
