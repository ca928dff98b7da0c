//! The part of afina that the scenario needs, as safe Rust.
//!
//! A failed call is an [`Error`] with the library's text. Handles are freed when they are dropped.

use afina_sys as sys;
use std::ffi::{c_void, CStr, CString};
use std::fmt;
use std::mem::ManuallyDrop;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::ptr::{null_mut, NonNull};

/// What the library says of a call that failed.
#[derive(Debug)]
pub struct Error {
    status: i32,
    text: String,
}

impl Error {
    /// An error of an objective.
    pub fn new(text: impl Into<String>) -> Self {
        let (status, text) = (sys::AFINA_E_CALLBACK, text.into());
        Error { status, text }
    }

    /// The status: AFINA_E_*, or the news that there is no further trial.
    pub fn status(&self) -> i32 {
        self.status
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}

pub type Result<T> = std::result::Result<T, Error>;

/// The text of an error belongs to the thread of the call, so it is copied at once.
fn check(status: i32) -> Result<()> {
    if status >= 0 {
        return Ok(());
    }
    let text = unsafe { CStr::from_ptr(sys::afina_last_error()) };
    let text = text.to_string_lossy().into_owned();
    Err(Error { status, text })
}

fn c_string(text: &str) -> Result<CString> {
    CString::new(text).map_err(|e| Error {
        status: sys::AFINA_E_ARGUMENT,
        text: e.to_string(),
    })
}

fn c_strings(texts: &[&str]) -> Result<Vec<CString>> {
    texts.iter().map(|text| c_string(text)).collect()
}

fn pointers(texts: &[CString]) -> Vec<*const std::os::raw::c_char> {
    texts.iter().map(|text| text.as_ptr()).collect()
}

/// A handle that `make` stores. Where it has none to give, because a study has come to its end, the error says so.
fn handle<T>(make: impl FnOnce(*mut *mut T) -> i32) -> Result<NonNull<T>> {
    let mut out = null_mut();
    let status = make(&mut out);
    check(status)?;
    NonNull::new(out).ok_or_else(|| Error {
        status,
        text: unsafe { CStr::from_ptr(sys::afina_status_name(status)) }
            .to_string_lossy()
            .into_owned(),
    })
}

/// A value that `get` stores.
fn read<T: Default>(get: impl FnOnce(*mut T) -> i32) -> Result<T> {
    let mut out = T::default();
    check(get(&mut out))?;
    Ok(out)
}

/// What is spaced evenly in a parameter.
#[derive(Clone, Copy)]
pub enum Scale {
    Linear,
    Log,
}

impl Scale {
    fn number(self) -> i32 {
        match self {
            Scale::Linear => sys::AFINA_SCALE_LINEAR as i32,
            Scale::Log => sys::AFINA_SCALE_LOG as i32,
        }
    }
}

pub struct Space(NonNull<sys::afina_space>);

impl Space {
    pub fn new() -> Result<Self> {
        handle(|out| unsafe { sys::afina_space_new(out) }).map(Space)
    }

    pub fn real(&mut self, name: &str, low: f64, high: f64, scale: Scale) -> Result<()> {
        let name = c_string(name)?;
        check(unsafe { sys::afina_space_add_real(self.0.as_ptr(), name.as_ptr(), low, high, scale.number()) })
    }

    pub fn integer(&mut self, name: &str, low: i64, high: i64, scale: Scale) -> Result<()> {
        let name = c_string(name)?;
        check(unsafe { sys::afina_space_add_integer(self.0.as_ptr(), name.as_ptr(), low, high, scale.number()) })
    }

    pub fn categorical(&mut self, name: &str, choices: &[&str]) -> Result<()> {
        let name = c_string(name)?;
        let choices = c_strings(choices)?;
        let p = pointers(&choices);
        check(unsafe { sys::afina_space_add_categorical(self.0.as_ptr(), name.as_ptr(), p.as_ptr(), p.len() as _) })
    }

    /// `child` is active only where `parent` has one of the values.
    pub fn active_in(&mut self, child: &str, parent: &str, values: &[&str]) -> Result<()> {
        let (child, parent) = (c_string(child)?, c_string(parent)?);
        let values = c_strings(values)?;
        let p = pointers(&values);
        check(unsafe {
            sys::afina_space_add_condition_in(
                self.0.as_ptr(),
                child.as_ptr(),
                parent.as_ptr(),
                p.as_ptr(),
                p.len() as _,
            )
        })
    }

    /// `child` is active only where `parent` is at least `number`.
    pub fn active_from(&mut self, child: &str, parent: &str, number: f64) -> Result<()> {
        let (child, parent) = (c_string(child)?, c_string(parent)?);
        let comparison = sys::AFINA_COMPARE_GREATER_EQUAL as i32;
        check(unsafe {
            sys::afina_space_add_condition(self.0.as_ptr(), child.as_ptr(), parent.as_ptr(), comparison, number)
        })
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        unsafe { sys::afina_space_free(self.0.as_ptr()) }
    }
}

pub struct Optimizer(NonNull<sys::afina_optimizer>);

impl Optimizer {
    pub fn new(space: &Space, method: &str) -> Result<Self> {
        let method = c_string(method)?;
        handle(|out| unsafe { sys::afina_optimizer_new(out, space.0.as_ptr(), method.as_ptr()) }).map(Optimizer)
    }

    pub fn set_integer(&mut self, key: &str, value: i64) -> Result<()> {
        let key = c_string(key)?;
        check(unsafe { sys::afina_optimizer_set_integer(self.0.as_ptr(), key.as_ptr(), value) })
    }

    pub fn set_string(&mut self, key: &str, value: &str) -> Result<()> {
        let (key, value) = (c_string(key)?, c_string(value)?);
        check(unsafe { sys::afina_optimizer_set_string(self.0.as_ptr(), key.as_ptr(), value.as_ptr()) })
    }

    pub fn ask(&mut self) -> Result<Trial> {
        handle(|out| unsafe { sys::afina_ask(self.0.as_ptr(), out) }).map(Trial)
    }

    pub fn best(&self) -> Result<Trial> {
        handle(|out| unsafe { sys::afina_best(self.0.as_ptr(), out) }).map(Trial)
    }

    /// Evaluates trials with an objective, whose answer is the value, or None where it was told to stop. Its first
    /// error ends the run and is returned. A panic is carried around C, through which it may not pass.
    pub fn optimize<F>(&mut self, objective: F, trials: i64) -> Result<()>
    where
        F: FnMut(&mut Trial) -> Result<Option<f64>>,
    {
        let mut run = Run {
            objective,
            error: None,
            panic: None,
        };
        let user = &mut run as *mut Run<F> as *mut c_void;
        let status = check(unsafe { sys::afina_optimize(self.0.as_ptr(), Some(call::<F>), user, trials) });
        if let Some(panic) = run.panic {
            resume_unwind(panic);
        }
        run.error.map_or(status, Err)
    }

    /// The number of trials, and of those that were stopped.
    pub fn counts(&self) -> Result<(usize, usize)> {
        let optimizer = self.0.as_ptr();
        let length = read(|out| unsafe { sys::afina_column_states(optimizer, 0, null_mut(), 0, out) })?;
        let mut states = vec![0; length as usize];
        read(|out| unsafe { sys::afina_column_states(optimizer, 0, states.as_mut_ptr(), length, out) })?;
        let stopped = sys::AFINA_STATE_STOPPED as i32;
        Ok((states.len(), states.iter().filter(|&&state| state == stopped).count()))
    }
}

impl Drop for Optimizer {
    fn drop(&mut self) {
        unsafe { sys::afina_optimizer_free(self.0.as_ptr()) }
    }
}

struct Run<F> {
    objective: F,
    error: Option<Error>,
    panic: Option<Box<dyn std::any::Any + Send>>,
}

unsafe extern "C" fn call<F>(trial: *mut sys::afina_trial, values: *mut f64, user: *mut c_void) -> i32
where
    F: FnMut(&mut Trial) -> Result<Option<f64>>,
{
    let run = &mut *(user as *mut Run<F>);
    // Borrowed: the library frees the handle.
    let mut trial = ManuallyDrop::new(Trial(NonNull::new_unchecked(trial)));
    match catch_unwind(AssertUnwindSafe(|| (run.objective)(&mut trial))) {
        Ok(Ok(value)) => {
            if let Some(value) = value {
                *values = value;
            }
            return sys::AFINA_OK;
        }
        Ok(Err(error)) => {
            // What the log says of the trial.
            if let Ok(text) = c_string(&error.text) {
                sys::afina_set_last_error(text.as_ptr());
            }
            run.error = Some(error);
        }
        Err(panic) => run.panic = Some(panic),
    }
    sys::AFINA_E_CALLBACK
}

pub struct Trial(NonNull<sys::afina_trial>);

impl Trial {
    pub fn number(&self) -> i64 {
        unsafe { sys::afina_trial_number(self.0.as_ptr()) }
    }

    pub fn value(&self) -> Result<f64> {
        read(|out| unsafe { sys::afina_trial_value(self.0.as_ptr(), out) })
    }

    fn point(&self) -> *const sys::afina_point {
        unsafe { sys::afina_trial_point(self.0.as_ptr()) }
    }

    pub fn real(&self, name: &str) -> Result<f64> {
        let name = c_string(name)?;
        read(|out| unsafe { sys::afina_point_get_real(self.point(), name.as_ptr(), out) })
    }

    pub fn integer(&self, name: &str) -> Result<i64> {
        let name = c_string(name)?;
        read(|out| unsafe { sys::afina_point_get_integer(self.point(), name.as_ptr(), out) })
    }

    /// The choice of a categorical parameter, borrowed from the trial.
    pub fn choice(&self, name: &str) -> Result<&str> {
        let name = c_string(name)?;
        let mut out = std::ptr::null();
        check(unsafe { sys::afina_point_get_string(self.point(), name.as_ptr(), &mut out) })?;
        Ok(unsafe { CStr::from_ptr(out) }
            .to_str()
            .expect("the library's texts are UTF-8"))
    }

    pub fn report(&mut self, step: f64, value: f64) -> Result<()> {
        check(unsafe { sys::afina_trial_tell_report(self.0.as_ptr(), step, &value, 1) })
    }

    pub fn should_stop(&mut self) -> Result<bool> {
        read(|out| unsafe { sys::afina_trial_should_stop(self.0.as_ptr(), out) }).map(|stop: i32| stop == 1)
    }

    pub fn tell(&mut self, value: f64) -> Result<()> {
        check(unsafe { sys::afina_trial_tell(self.0.as_ptr(), &value, 1) })
    }

    pub fn tell_stopped(&mut self) -> Result<()> {
        check(unsafe { sys::afina_trial_tell_stopped(self.0.as_ptr()) })
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        unsafe { sys::afina_trial_free(self.0.as_ptr()) }
    }
}
