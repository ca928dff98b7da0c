// Package afina is the part of afina that the scenario needs, by cgo.
//
// A failed call returns an error with the library's text. Handles are freed by Close, as files are.
package afina

/*
#cgo pkg-config: afina
#include <stdlib.h>
#include <afina.h>

int32_t afina_go_objective(afina_trial *trial, double *values, void *user);

// The handle travels as the pointer `user`, which C alone makes of a number.
static int32_t optimize(afina_optimizer *optimizer, uintptr_t user, int64_t trials)
{
    return afina_optimize(optimizer, afina_go_objective, (void *)user, trials);
}
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/cgo"
	"unsafe"
)

// Scales, comparisons and states, as in afina.h.
const (
	ScaleLinear         = C.AFINA_SCALE_LINEAR
	ScaleLog            = C.AFINA_SCALE_LOG
	CompareGreaterEqual = C.AFINA_COMPARE_GREATER_EQUAL
	StateStopped        = C.AFINA_STATE_STOPPED
)

// call runs f on one operating-system thread, because the text of an error belongs to the thread of the call.
func call(f func() C.int32_t) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if f() < 0 {
		return errors.New(C.GoString(C.afina_last_error()))
	}
	return nil
}

// callWith runs f as call does, with a C copy of each string.
func callWith(f func(texts []*C.char) C.int32_t, strings ...string) error {
	texts := make([]*C.char, len(strings))
	for i, s := range strings {
		texts[i] = C.CString(s)
		defer C.free(unsafe.Pointer(texts[i]))
	}
	return call(func() C.int32_t { return f(texts) })
}

// Space is a search space.
type Space struct{ handle *C.afina_space }

// NewSpace makes a space without parameters.
func NewSpace() (*Space, error) {
	s := &Space{}
	return s, call(func() C.int32_t { return C.afina_space_new(&s.handle) })
}

// Close frees the space.
func (s *Space) Close() {
	C.afina_space_free(s.handle)
	s.handle = nil
}

// Real adds a real parameter.
func (s *Space) Real(name string, low, high float64, scale int32) error {
	return callWith(func(t []*C.char) C.int32_t {
		return C.afina_space_add_real(s.handle, t[0], C.double(low), C.double(high), C.int32_t(scale))
	}, name)
}

// Integer adds an integer parameter.
func (s *Space) Integer(name string, low, high int64, scale int32) error {
	return callWith(func(t []*C.char) C.int32_t {
		return C.afina_space_add_integer(s.handle, t[0], C.int64_t(low), C.int64_t(high), C.int32_t(scale))
	}, name)
}

// Categorical adds a parameter with choices.
func (s *Space) Categorical(name string, choices ...string) error {
	return callWith(func(t []*C.char) C.int32_t {
		return C.afina_space_add_categorical(s.handle, t[0], &t[1], C.size_t(len(choices)))
	}, append([]string{name}, choices...)...)
}

// ActiveIn makes child active only where parent has one of the values.
func (s *Space) ActiveIn(child, parent string, values ...string) error {
	return callWith(func(t []*C.char) C.int32_t {
		return C.afina_space_add_condition_in(s.handle, t[0], t[1], &t[2], C.size_t(len(values)))
	}, append([]string{child, parent}, values...)...)
}

// ActiveIf makes child active only where parent compares to number as said.
func (s *Space) ActiveIf(child, parent string, comparison int32, number float64) error {
	return callWith(func(t []*C.char) C.int32_t {
		return C.afina_space_add_condition(s.handle, t[0], t[1], C.int32_t(comparison), C.double(number))
	}, child, parent)
}

// Optimizer is a study.
type Optimizer struct{ handle *C.afina_optimizer }

// NewOptimizer makes an optimizer; the space is copied.
func NewOptimizer(space *Space, method string) (*Optimizer, error) {
	o := &Optimizer{}
	return o, callWith(func(t []*C.char) C.int32_t {
		return C.afina_optimizer_new(&o.handle, space.handle, t[0])
	}, method)
}

// Close frees the optimizer; its trials stay readable.
func (o *Optimizer) Close() {
	C.afina_optimizer_free(o.handle)
	o.handle = nil
}

// SetInteger sets an option.
func (o *Optimizer) SetInteger(key string, value int64) error {
	return callWith(func(t []*C.char) C.int32_t {
		return C.afina_optimizer_set_integer(o.handle, t[0], C.int64_t(value))
	}, key)
}

// SetString sets an option.
func (o *Optimizer) SetString(key, value string) error {
	return callWith(func(t []*C.char) C.int32_t {
		return C.afina_optimizer_set_string(o.handle, t[0], t[1])
	}, key, value)
}

// Ask returns the next trial.
func (o *Optimizer) Ask() (*Trial, error) {
	t := &Trial{}
	return t, call(func() C.int32_t { return C.afina_ask(o.handle, &t.handle) })
}

// Best returns the best trial.
func (o *Optimizer) Best() (*Trial, error) {
	t := &Trial{}
	return t, call(func() C.int32_t { return C.afina_best(o.handle, &t.handle) })
}

// States returns the states of all trials.
func (o *Optimizer) States() ([]int32, error) {
	var count C.size_t
	err := call(func() C.int32_t { return C.afina_column_states(o.handle, 0, nil, 0, &count) })
	if err != nil || count == 0 {
		return nil, err
	}
	states := make([]int32, count)
	return states, call(func() C.int32_t {
		return C.afina_column_states(o.handle, 0, (*C.int32_t)(&states[0]), count, &count)
	})
}

// An Objective evaluates a trial. The value does not count where stopped is true.
type Objective func(trial *Trial) (value float64, stopped bool, err error)

type run struct {
	objective Objective
	err       error
}

// fail keeps the error for the caller of Optimize; the log gets its text.
func (r *run) fail(err error) C.int32_t {
	r.err = err
	callWith(func(t []*C.char) C.int32_t { return C.afina_set_last_error(t[0]) }, err.Error())
	return C.AFINA_E_CALLBACK
}

// Optimize evaluates trials with the objective. Its first error ends the run and is returned; a panic may not pass
// through C either, and becomes an error.
func (o *Optimizer) Optimize(objective Objective, trials int) error {
	r := &run{objective: objective}
	handle := cgo.NewHandle(r)
	defer handle.Delete()
	err := call(func() C.int32_t { return C.optimize(o.handle, C.uintptr_t(handle), C.int64_t(trials)) })
	if r.err != nil {
		return r.err
	}
	return err
}

//export afina_go_objective
func afina_go_objective(trial *C.afina_trial, values *C.double, user unsafe.Pointer) (status C.int32_t) {
	r := cgo.Handle(user).Value().(*run)
	defer func() {
		if p := recover(); p != nil {
			status = r.fail(fmt.Errorf("the objective panicked: %v", p))
		}
	}()
	t := &Trial{trial}
	defer func() { t.handle = nil }() // the library frees it
	value, stopped, err := r.objective(t)
	if err != nil {
		return r.fail(err)
	}
	if !stopped {
		*values = C.double(value)
	}
	return C.AFINA_OK
}

// Trial is one evaluation of a point.
type Trial struct{ handle *C.afina_trial }

// Close frees the handle; the trial stays in its study.
func (t *Trial) Close() {
	C.afina_trial_free(t.handle)
	t.handle = nil
}

// Number counts from 0.
func (t *Trial) Number() int64 { return int64(C.afina_trial_number(t.handle)) }

// Value is what the trial was told, or its last report where it was stopped.
func (t *Trial) Value() (float64, error) {
	var value C.double
	err := call(func() C.int32_t { return C.afina_trial_value(t.handle, &value) })
	return float64(value), err
}

// Real reads a parameter of the trial's point.
func (t *Trial) Real(name string) (float64, error) {
	var value C.double
	err := callWith(func(s []*C.char) C.int32_t {
		return C.afina_point_get_real(C.afina_trial_point(t.handle), s[0], &value)
	}, name)
	return float64(value), err
}

// Integer reads a parameter of the trial's point.
func (t *Trial) Integer(name string) (int64, error) {
	var value C.int64_t
	err := callWith(func(s []*C.char) C.int32_t {
		return C.afina_point_get_integer(C.afina_trial_point(t.handle), s[0], &value)
	}, name)
	return int64(value), err
}

// Choice reads a parameter of the trial's point.
func (t *Trial) Choice(name string) (string, error) {
	var value *C.char
	err := callWith(func(s []*C.char) C.int32_t {
		return C.afina_point_get_string(C.afina_trial_point(t.handle), s[0], &value)
	}, name)
	return C.GoString(value), err
}

// Report tells an intermediate value.
func (t *Trial) Report(step, value float64) error {
	v := C.double(value)
	return call(func() C.int32_t { return C.afina_trial_tell_report(t.handle, C.double(step), &v, 1) })
}

// ShouldStop says whether the trial should end now.
func (t *Trial) ShouldStop() (bool, error) {
	var stop C.int32_t
	err := call(func() C.int32_t { return C.afina_trial_should_stop(t.handle, &stop) })
	return stop == 1, err
}

// Tell ends the trial with its value.
func (t *Trial) Tell(value float64) error {
	v := C.double(value)
	return call(func() C.int32_t { return C.afina_trial_tell(t.handle, &v, 1) })
}

// TellStopped ends the trial, whose last report is its value.
func (t *Trial) TellStopped() error {
	return call(func() C.int32_t { return C.afina_trial_tell_stopped(t.handle) })
}
