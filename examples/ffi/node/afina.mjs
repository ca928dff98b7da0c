// The part of afina that the scenario needs, for Node by koffi.
//
// A failed call throws an AfinaError with the library's text. Handles are freed when the collector takes their objects.
import koffi from 'koffi';

const library = koffi.load('libafina.so.0');
for (const name of ['afina_space', 'afina_optimizer', 'afina_trial', 'afina_point']) {
  koffi.opaque(name);
}
const Objective = koffi.proto('int32_t afina_objective(afina_trial *trial, double *values, void *user)');

// The functions, as in afina.h.
const C = Object.fromEntries(
  [
    'const char *afina_last_error()',
    'int32_t afina_set_last_error(const char *text)',
    'int32_t afina_constant_value(const char *name, _Out_ int32_t *value)',
    'int32_t afina_space_new(_Out_ afina_space **out)',
    'void afina_space_free(afina_space *space)',
    'int32_t afina_space_add_real(afina_space *space, const char *name, double low, double high, int32_t scale)',
    'int32_t afina_space_add_integer(afina_space *space, const char *name, int64_t low, int64_t high, int32_t scale)',
    'int32_t afina_space_add_categorical(afina_space *space, const char *name, const char **choices, size_t count)',
    'int32_t afina_space_add_condition_in(afina_space *space, const char *child, const char *parent, ' +
      'const char **values, size_t count)',
    'int32_t afina_space_add_condition(afina_space *space, const char *child, const char *parent, ' +
      'int32_t comparison, double number)',
    'int32_t afina_point_get_real(const afina_point *point, const char *name, _Out_ double *value)',
    'int32_t afina_point_get_integer(const afina_point *point, const char *name, _Out_ int64_t *value)',
    'int32_t afina_point_get_string(const afina_point *point, const char *name, _Out_ const char **value)',
    'int32_t afina_optimizer_new(_Out_ afina_optimizer **out, const afina_space *space, const char *method)',
    'void afina_optimizer_free(afina_optimizer *optimizer)',
    'int32_t afina_optimizer_set_integer(afina_optimizer *optimizer, const char *key, int64_t value)',
    'int32_t afina_optimizer_set_string(afina_optimizer *optimizer, const char *key, const char *value)',
    'int32_t afina_optimize(afina_optimizer *optimizer, afina_objective *objective, void *user, int64_t trials)',
    'int32_t afina_ask(afina_optimizer *optimizer, _Out_ afina_trial **out)',
    'int32_t afina_best(afina_optimizer *optimizer, _Out_ afina_trial **out)',
    'int32_t afina_column_states(const afina_optimizer *optimizer, int64_t first, int32_t *states, ' +
      'size_t capacity, _Out_ size_t *count)',
    'void afina_trial_free(afina_trial *trial)',
    'int64_t afina_trial_number(const afina_trial *trial)',
    'const afina_point *afina_trial_point(const afina_trial *trial)',
    'int32_t afina_trial_value(const afina_trial *trial, _Out_ double *value)',
    'int32_t afina_trial_tell_report(afina_trial *trial, double step, const double *values, size_t count)',
    'int32_t afina_trial_should_stop(afina_trial *trial, _Out_ int32_t *stop)',
    'int32_t afina_trial_tell(afina_trial *trial, const double *values, size_t count)',
    'int32_t afina_trial_tell_stopped(afina_trial *trial)',
  ].map((declaration) => [declaration.match(/afina_\w+(?=\()/)[0].slice('afina_'.length), library.func(declaration)]),
);

export class AfinaError extends Error {
  name = 'AfinaError';
}

function check(status) {
  if (status < 0) {
    throw new AfinaError(C.last_error());
  }
  return status;
}

// What a call stores in its last argument.
function read(call, ...args) {
  const out = [null];
  check(call(...args, out));
  return out[0];
}

export function constant(name) {
  return read(C.constant_value, name);
}

const collected = new FinalizationRegistry(({ free, handle }) => free(handle));

// A handle that `make` stores in its first or last argument; it is freed with its owner.
function own(owner, free, handle) {
  collected.register(owner, { free, handle });
  return handle;
}

export class Space {
  constructor() {
    this.handle = own(this, C.space_free, read(C.space_new));
  }

  real(name, low, high, scale = 'AFINA_SCALE_LINEAR') {
    check(C.space_add_real(this.handle, name, low, high, constant(scale)));
  }

  integer(name, low, high, scale = 'AFINA_SCALE_LINEAR') {
    check(C.space_add_integer(this.handle, name, low, high, constant(scale)));
  }

  categorical(name, choices) {
    check(C.space_add_categorical(this.handle, name, choices, choices.length));
  }

  activeIn(child, parent, values) {
    check(C.space_add_condition_in(this.handle, child, parent, values, values.length));
  }

  activeIf(child, parent, comparison, number) {
    check(C.space_add_condition(this.handle, child, parent, constant(comparison), number));
  }
}

export class Optimizer {
  constructor(space, method, { seed, stopper }) {
    const out = [null];
    check(C.optimizer_new(out, space.handle, method));
    this.handle = own(this, C.optimizer_free, out[0]);
    check(C.optimizer_set_integer(this.handle, 'seed', seed));
    check(C.optimizer_set_string(this.handle, 'stopper', stopper));
  }

  ask() {
    return Trial.owned(read(C.ask, this.handle));
  }

  best() {
    return Trial.owned(read(C.best, this.handle));
  }

  // Evaluates trials with f(trial), which returns the value, or undefined where it was told to stop. What f throws ends
  // the run and is thrown from here: it may not pass through C.
  optimize(f, trials) {
    let thrown;
    const objective = koffi.register((handle, values) => {
      const trial = new Trial(handle);
      try {
        const value = f(trial);
        if (value !== undefined) {
          koffi.encode(values, 'double', value);
        }
        return 0;
      } catch (error) {
        thrown = { error };
        C.set_last_error(String(error)); // what the log says of the trial
        return constant('AFINA_E_CALLBACK');
      } finally {
        trial.handle = null; // the library frees it
      }
    }, koffi.pointer(Objective));
    try {
      const status = C.optimize(this.handle, objective, null, trials);
      if (thrown) {
        throw thrown.error;
      }
      return check(status);
    } finally {
      koffi.unregister(objective);
    }
  }

  // The states of all trials, as numbers.
  states() {
    const count = [0];
    check(C.column_states(this.handle, 0, null, 0, count));
    const states = new Int32Array(count[0]);
    check(C.column_states(this.handle, 0, states, states.length, count));
    return states;
  }
}

export class Trial {
  constructor(handle) {
    this.handle = handle;
  }

  static owned(handle) {
    const trial = new Trial(handle);
    own(trial, C.trial_free, handle);
    return trial;
  }

  get number() {
    return C.trial_number(this.handle);
  }

  get value() {
    return read(C.trial_value, this.handle);
  }

  // The point is borrowed from the trial.
  real(name) {
    return read(C.point_get_real, C.trial_point(this.handle), name);
  }

  integer(name) {
    return read(C.point_get_integer, C.trial_point(this.handle), name);
  }

  string(name) {
    return read(C.point_get_string, C.trial_point(this.handle), name);
  }

  report(step, value) {
    check(C.trial_tell_report(this.handle, step, [value], 1));
  }

  shouldStop() {
    return read(C.trial_should_stop, this.handle) === 1;
  }

  tell(value) {
    check(C.trial_tell(this.handle, [value], 1));
  }

  tellStopped() {
    check(C.trial_tell_stopped(this.handle));
  }
}
