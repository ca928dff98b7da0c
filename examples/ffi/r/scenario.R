# The scenario of examples/ffi/README.md. The argument is the path of the glue.

glue <- getDLLRegisteredRoutines(dyn.load(commandArgs(trailingOnly = TRUE)[1]))$.Call
call <- function(name, ...) .Call(glue[[name]], ...)
constant <- function(name) call("constant", name)

# Evaluates trials with f(trial), which returns the value, or NULL where it was told to stop. An error of f ends the run
# and is signalled from here: it may not jump over the library.
optimize <- function(optimizer, f, trials) {
  failure <- NULL
  objective <- function(trial) {
    tryCatch(f(trial), error = function(e) {
      failure <<- e
      enc2utf8(conditionMessage(e))
    })
  }
  status <- tryCatch(call("optimizer_optimize", optimizer, objective, trials), error = identity)
  if (!is.null(failure)) stop(failure)
  if (inherits(status, "error")) stop(status)
  invisible(status)
}

make_optimizer <- function() {
  space <- call("space_new")
  log <- constant("AFINA_SCALE_LOG")
  linear <- constant("AFINA_SCALE_LINEAR")
  call("space_real", space, "rate", 0.001, 1, log)
  call("space_categorical", space, "solver", c("sgd", "adam"))
  call("space_real", space, "momentum", 0, 1, linear)
  call("space_active_in", space, "momentum", "solver", "sgd")
  call("space_integer", space, "layers", 1L, 3L, linear)
  call("space_integer", space, "width", 4L, 64L, log)
  call("space_active_if", space, "width", "layers", constant("AFINA_COMPARE_GREATER_EQUAL"), 2)
  optimizer <- call("optimizer_new", space, "gp")
  call("optimizer_set", optimizer, "seed", 11L)
  call("optimizer_set", optimizer, "stopper", "median")
  optimizer
}

loss_of <- function(trial) {
  rate <- call("trial_get", trial, "rate")
  layers <- call("trial_get", trial, "layers")
  a <- (rate - 0.05) / (rate + 0.05)
  loss <- a * a
  if (call("trial_get", trial, "solver") == "sgd") {
    m <- call("trial_get", trial, "momentum") - 0.9
    loss <- loss + m * m
  } else {
    loss <- loss + 0.03
  }
  if (layers >= 2) {
    width <- call("trial_get", trial, "width")
    b <- (width - 24) / (width + 24)
    loss <- loss + b * b
  } else {
    loss <- loss + 0.1
  }
  loss + 0.01 * layers
}

# The value of the last step; NULL when the stopper ended the trial.
train <- function(trial) {
  loss <- loss_of(trial)
  for (step in 1:10) {
    value <- loss + 0.5 / step
    call("trial_report", trial, step, value)
    if (call("trial_should_stop", trial)) {
      return(NULL)
    }
  }
  value
}

print_result <- function(how, optimizer) {
  states <- call("optimizer_states", optimizer)
  best <- call("optimizer_best", optimizer)
  value <- call("trial_value", best)
  cat(sprintf(
    "%s: %d trials, %d stopped, best %.6f in trial %.0f, bits %s\n", how, length(states),
    sum(states == constant("AFINA_STATE_STOPPED")), value, call("trial_number", best),
    paste(writeBin(value, raw(), endian = "big"), collapse = "")
  ))
}

tryCatch(
  call("space_real", call("space_new"), "rate", 1, 0.001, constant("AFINA_SCALE_LINEAR")),
  error = function(e) cat("error: ", conditionMessage(e), "\n", sep = "")
)

asked <- make_optimizer()
for (i in 1:30) {
  trial <- call("optimizer_ask", asked)
  value <- train(trial)
  if (is.null(value)) {
    call("trial_tell_stopped", trial)
  } else {
    call("trial_tell", trial, value)
  }
}
print_result("asked", asked)

called <- make_optimizer()
optimize(called, train, 30)
print_result("called", called)

tryCatch(
  optimize(make_optimizer(), function(trial) stop("the training broke"), 30),
  error = function(e) cat("raised: ", conditionMessage(e), "\n", sep = "")
)
