% The scenario of examples/ffi/README.md.
1; % a script file that defines functions

function optimizer = make_optimizer()
  space = afina("space_new");
  log_scale = afina("constant", "AFINA_SCALE_LOG");
  linear = afina("constant", "AFINA_SCALE_LINEAR");
  afina("space_real", space, "rate", 0.001, 1, log_scale);
  afina("space_categorical", space, "solver", {"sgd", "adam"});
  afina("space_real", space, "momentum", 0, 1, linear);
  afina("space_active_in", space, "momentum", "solver", {"sgd"});
  afina("space_integer", space, "layers", 1, 3, linear);
  afina("space_integer", space, "width", 4, 64, log_scale);
  afina("space_active_if", space, "width", "layers", afina("constant", "AFINA_COMPARE_GREATER_EQUAL"), 2);
  optimizer = afina("optimizer_new", space, "gp");
  afina("optimizer_set", optimizer, "seed", int64(11));
  afina("optimizer_set", optimizer, "stopper", "median");
end

function loss = loss_of(trial)
  rate = afina("trial_get", trial, "rate");
  layers = afina("trial_get", trial, "layers");
  a = (rate - 0.05) / (rate + 0.05);
  loss = a * a;
  if strcmp(afina("trial_get", trial, "solver"), "sgd")
    m = afina("trial_get", trial, "momentum") - 0.9;
    loss = loss + m * m;
  else
    loss = loss + 0.03;
  end
  if layers >= 2
    width = afina("trial_get", trial, "width");
    b = (width - 24) / (width + 24);
    loss = loss + b * b;
  else
    loss = loss + 0.1;
  end
  loss = loss + 0.01 * layers;
end

% The value of the last step; empty when the stopper ended the trial.
function value = train(trial)
  loss = loss_of(trial);
  for step = 1:10
    value = loss + 0.5 / step;
    afina("trial_report", trial, step, value);
    if afina("trial_should_stop", trial)
      value = [];
      return
    end
  end
end

function print_result(how, optimizer)
  states = afina("optimizer_states", optimizer);
  best = afina("optimizer_best", optimizer);
  value = afina("trial_value", best);
  printf("%s: %d trials, %d stopped, best %.6f in trial %d, bits %s\n", how, numel(states), ...
         sum(states == afina("constant", "AFINA_STATE_STOPPED")), value, afina("trial_number", best), ...
         tolower(num2hex(value)));
end

try
  afina("space_real", afina("space_new"), "rate", 1, 0.001, afina("constant", "AFINA_SCALE_LINEAR"));
catch failure
  printf("error: %s\n", failure.message);
end

asked = make_optimizer();
for i = 1:30
  trial = afina("optimizer_ask", asked);
  value = train(trial);
  if isempty(value)
    afina("trial_tell_stopped", trial);
  else
    afina("trial_tell", trial, value);
  end
end
print_result("asked", asked);

called = make_optimizer();
afina("optimizer_optimize", called, @train, 30);
print_result("called", called);

function value = breaks(trial)
  error("the training broke");
end

try
  afina("optimizer_optimize", make_optimizer(), @breaks, 30);
catch failure
  printf("raised: %s\n", failure.message);
end
