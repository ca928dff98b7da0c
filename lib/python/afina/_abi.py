"""The C API of afina. Written by scripts/python-abi.py from the headers; not to be edited."""

from ._library import (
    Double,
    Doubles,
    Handle,
    Handles,
    Int32,
    Int32s,
    Int64,
    Int64s,
    Size,
    Sizes,
    Text,
    Texts,
    UInt64,
    UInt64s,
    callback,
    long_number,
    nothing,
    number,
    pointer,
    size,
    text,
)

OK = 0
DONE = 1
EXHAUSTED = 2
WAIT = 3
CANCELLED = 4
ALL_FAILED = 5
STALE = 6
INFEASIBLE_POINT = 7
E_ARGUMENT = -1
E_RANGE = -2
E_NAME = -3
E_TYPE = -4
E_STATE = -5
E_MEMORY = -6
E_SPACE = -7
E_NO_POINT = -8
E_FORMAT = -9
E_FILE = -10
E_UNSUPPORTED = -11
E_NOT_FOUND = -12
E_FORKED = -13
E_REPLAY = -14
E_BUSY = -15
E_CALLBACK = -16
E_VERSION = -17
OPEN_CREATE = 0
OPEN_EXISTING = 1
OPEN_READ_ONLY = 2
SCALE_LINEAR = 0
SCALE_LOG = 1
SCALE_REVERSE_LOG = 2
PRIOR_UNIFORM = 0
PRIOR_NORMAL = 1
PRIOR_LOGNORMAL = 2
KIND_REAL = 0
KIND_INTEGER = 1
KIND_CATEGORICAL = 2
KIND_ORDINAL = 3
COMPARE_EQUAL = 0
COMPARE_NOT_EQUAL = 1
COMPARE_LESS = 2
COMPARE_LESS_EQUAL = 3
COMPARE_GREATER = 4
COMPARE_GREATER_EQUAL = 5
COMPARE_IN = 6
STATE_RUNNING = 0
STATE_COMPLETE = 1
STATE_STOPPED = 2
STATE_PAUSED = 3
STATE_FAILED = 4
STATE_INFEASIBLE = 5
STATE_LOST = 6
ORIGIN_SUGGESTED = 0
ORIGIN_ENQUEUED = 1
ORIGIN_ADDED = 2
ORIGIN_PROMOTED = 3
ORIGIN_REPEATED = 4
EVENT_ASKED = 1
EVENT_REPORTED = 2
EVENT_TOLD = 3
EVENT_BEST = 4
DIRECTION_MINIMISE = 0
DIRECTION_MAXIMISE = 1
OPTION_INTEGER = 0
OPTION_REAL = 1
OPTION_STRING = 2
OPTION_REALS = 3
MESSAGE_WARNING = 1
MESSAGE_INFO = 2
POSTHOC_WILCOXON = 0
POSTHOC_RANKS = 1
POSTHOC_NEMENYI = 2
VERDICT_NO = -1
VERDICT_UNDECIDED = 0
VERDICT_YES = 1
TASK_CLASSIFICATION = 0
TASK_REGRESSION = 1

release_callback = callback(None, Handle)
filter_callback = callback(Int32, Handle, Handle)
observer_callback = callback(Int32, Int32, Handle, Int64, Handle)
message_callback = callback(Int32, Int32, Text, Handle)
objective_callback = callback(Int32, Handle, Doubles, Handle)
simulated_callback = callback(Int32, Handle, Int64, Doubles, Doubles, Doubles, Handle)
evaluate_callback = callback(Int32, Handle, Int64s, Size, Int64s, Size, Doubles, Handle)
compare_setup_callback = callback(Int32, Handle, Size, Int64, Handle)
training_report_callback = callback(Int32, Int32, Double, Handle)
version = text("afina_version")
version_number = number("afina_version_number")
abi_version = number("afina_abi_version")
last_error = text("afina_last_error")
set_last_error = number("afina_set_last_error", Text)
status_name = text("afina_status_name", Int32)
constant_count = size("afina_constant_count")
constant_name = text("afina_constant_name", Size)
constant_value = number("afina_constant_value", Text, Int32s)
space_new = number("afina_space_new", Handles)
space_copy = number("afina_space_copy", Handles, Handle)
space_free = nothing("afina_space_free", Handle)
space_add_real = number("afina_space_add_real", Handle, Text, Double, Double, Int32)
space_add_integer = number("afina_space_add_integer", Handle, Text, Int64, Int64, Int32)
space_add_categorical = number("afina_space_add_categorical", Handle, Text, Texts, Size)
space_add_ordinal = number("afina_space_add_ordinal", Handle, Text, Texts, Size)
space_add_normal = number("afina_space_add_normal", Handle, Text, Double, Double, Double, Double)
space_add_lognormal = number(
    "afina_space_add_lognormal",
    Handle,
    Text,
    Double,
    Double,
    Double,
    Double,
)
space_set_step = number("afina_space_set_step", Handle, Text, Double)
space_set_prior = number("afina_space_set_prior", Handle, Text, Int32, Double, Double)
space_set_weights = number("afina_space_set_weights", Handle, Text, Doubles, Size)
space_set_default_real = number("afina_space_set_default_real", Handle, Text, Double)
space_set_default_integer = number("afina_space_set_default_integer", Handle, Text, Int64)
space_set_default_string = number("afina_space_set_default_string", Handle, Text, Text)
space_add_condition_in = number("afina_space_add_condition_in", Handle, Text, Text, Texts, Size)
space_add_condition = number("afina_space_add_condition", Handle, Text, Text, Int32, Double)
space_set_filter = number("afina_space_set_filter", Handle, Handle, Handle, Handle)
space_point_count = number("afina_space_point_count", Handle, UInt64s)
space_unrank = number("afina_space_unrank", Handle, UInt64, Handles)
space_rank = number("afina_space_rank", Handle, Handle, UInt64s)
space_sample = number("afina_space_sample", Handle, UInt64, UInt64, Handles)
space_parameter_count = size("afina_space_parameter_count", Handle)
space_parameter_name = text("afina_space_parameter_name", Handle, Size)
space_get_kind = number("afina_space_get_kind", Handle, Text, Int32s)
space_get_choice_count = size("afina_space_get_choice_count", Handle, Text)
space_get_choice = text("afina_space_get_choice", Handle, Text, Size)
space_get_real_bounds = number("afina_space_get_real_bounds", Handle, Text, Doubles, Doubles)
space_get_integer_bounds = number("afina_space_get_integer_bounds", Handle, Text, Int64s, Int64s)
space_get_scale = number("afina_space_get_scale", Handle, Text, Int32s)
space_get_step = number("afina_space_get_step", Handle, Text, Doubles)
space_get_prior = number("afina_space_get_prior", Handle, Text, Int32s, Doubles, Doubles)
space_get_default_real = number("afina_space_get_default_real", Handle, Text, Doubles)
space_get_default_integer = number("afina_space_get_default_integer", Handle, Text, Int64s)
space_get_default_string = number("afina_space_get_default_string", Handle, Text, Texts)
space_get_weights = number("afina_space_get_weights", Handle, Text, Doubles, Size, Sizes)
space_get_condition_count = number("afina_space_get_condition_count", Handle, Text, Sizes)
space_get_condition = number(
    "afina_space_get_condition",
    Handle,
    Text,
    Size,
    Texts,
    Int32s,
    Doubles,
)
space_get_condition_value_count = number(
    "afina_space_get_condition_value_count",
    Handle,
    Text,
    Size,
    Sizes,
)
space_get_condition_value = number(
    "afina_space_get_condition_value",
    Handle,
    Text,
    Size,
    Size,
    Text,
    Size,
    Sizes,
)
space_has_filter = number("afina_space_has_filter", Handle, Int32s)
space_to_json = number("afina_space_to_json", Handle, Text, Size, Sizes)
space_from_json = number("afina_space_from_json", Handles, Text, Size)
point_new = number("afina_point_new", Handles, Handle)
point_copy = number("afina_point_copy", Handles, Handle)
point_free = nothing("afina_point_free", Handle)
point_set_real = number("afina_point_set_real", Handle, Text, Double)
point_set_integer = number("afina_point_set_integer", Handle, Text, Int64)
point_set_string = number("afina_point_set_string", Handle, Text, Text)
point_get_real = number("afina_point_get_real", Handle, Text, Doubles)
point_get_integer = number("afina_point_get_integer", Handle, Text, Int64s)
point_get_string = number("afina_point_get_string", Handle, Text, Texts)
point_is_active = number("afina_point_is_active", Handle, Text, Int32s)
point_get_text = number("afina_point_get_text", Handle, Text, Text, Size, Sizes)
point_to_json = number("afina_point_to_json", Handle, Text, Size, Sizes)
point_from_json = number("afina_point_from_json", Handles, Handle, Text, Size)
optimizer_new = number("afina_optimizer_new", Handles, Handle, Text)
optimizer_free = nothing("afina_optimizer_free", Handle)
optimizer_set_integer = number("afina_optimizer_set_integer", Handle, Text, Int64)
optimizer_set_real = number("afina_optimizer_set_real", Handle, Text, Double)
optimizer_set_string = number("afina_optimizer_set_string", Handle, Text, Text)
optimizer_set_reals = number("afina_optimizer_set_reals", Handle, Text, Doubles, Size)
optimizer_get_integer = number("afina_optimizer_get_integer", Handle, Text, Int64s)
optimizer_get_real = number("afina_optimizer_get_real", Handle, Text, Doubles)
optimizer_get_string = number("afina_optimizer_get_string", Handle, Text, Text, Size, Sizes)
optimizer_get_reals = number("afina_optimizer_get_reals", Handle, Text, Doubles, Size, Sizes)
optimizer_get_space = number("afina_optimizer_get_space", Handle, Handles)
optimizer_get_declared_space = number("afina_optimizer_get_declared_space", Handle, Handles)
optimizer_extend = number("afina_optimizer_extend", Handle, Handle)
optimizer_get_method = number("afina_optimizer_get_method", Handle, Texts)
optimizer_set_filter = number("afina_optimizer_set_filter", Handle, Handle, Handle, Handle)
optimizer_set_observer = number("afina_optimizer_set_observer", Handle, Handle, Handle, Handle)
optimizer_set_message = number("afina_optimizer_set_message", Handle, Handle, Handle, Handle)
ask = number("afina_ask", Handle, Handles)
ask_wait = number("afina_ask_wait", Handle, Double, Handles)
start = number("afina_start", Handle, Handle, Handles)
tell = number("afina_tell", Handle, Int64, Doubles, Size)
tell_failed = number("afina_tell_failed", Handle, Int64, Text)
tell_infeasible = number("afina_tell_infeasible", Handle, Int64, Text)
tell_stopped = number("afina_tell_stopped", Handle, Int64)
tell_lost = number("afina_tell_lost", Handle, Int64, Text)
tell_checkpoint = number("afina_tell_checkpoint", Handle, Int64, Text)
tell_restarted = number("afina_tell_restarted", Handle, Int64)
tell_attribute = number("afina_tell_attribute", Handle, Int64, Text, Text)
optimizer_set_attribute = number("afina_optimizer_set_attribute", Handle, Text, Text)
optimizer_get_attribute = number("afina_optimizer_get_attribute", Handle, Text, Text, Size, Sizes)
optimizer_attribute_count = number("afina_optimizer_attribute_count", Handle, Sizes)
optimizer_attribute_key = number("afina_optimizer_attribute_key", Handle, Size, Text, Size, Sizes)
tell_constraints = number("afina_tell_constraints", Handle, Int64, Doubles, Size)
tell_errors = number("afina_tell_errors", Handle, Int64, Doubles, Size)
tell_report = number("afina_tell_report", Handle, Int64, Double, Doubles, Size)
trial_tell = number("afina_trial_tell", Handle, Doubles, Size)
trial_tell_failed = number("afina_trial_tell_failed", Handle, Text)
trial_tell_infeasible = number("afina_trial_tell_infeasible", Handle, Text)
trial_tell_stopped = number("afina_trial_tell_stopped", Handle)
trial_tell_lost = number("afina_trial_tell_lost", Handle, Text)
trial_tell_report = number("afina_trial_tell_report", Handle, Double, Doubles, Size)
trial_tell_constraints = number("afina_trial_tell_constraints", Handle, Doubles, Size)
trial_tell_errors = number("afina_trial_tell_errors", Handle, Doubles, Size)
trial_tell_checkpoint = number("afina_trial_tell_checkpoint", Handle, Text)
trial_tell_restarted = number("afina_trial_tell_restarted", Handle)
trial_tell_attribute = number("afina_trial_tell_attribute", Handle, Text, Text)
trial_should_stop = number("afina_trial_should_stop", Handle, Int32s)
should_stop = number("afina_should_stop", Handle, Int64, Int32s)
enqueue = number("afina_enqueue", Handle, Handle)
add_trial = number("afina_add_trial", Handle, Handle, Int32, Doubles, Size, Int64s)
optimize = number("afina_optimize", Handle, Handle, Handle, Int64)
dry_run_new = number("afina_dry_run_new", Handles, Handle, Handle, Handle)
dry_run_free = nothing("afina_dry_run_free", Handle)
dry_run_problem_count = size("afina_dry_run_problem_count", Handle)
dry_run_finding_count = size("afina_dry_run_finding_count", Handle)
dry_run_finding = text("afina_dry_run_finding", Handle, Size)
simulate = number("afina_simulate", Handle, Handle, Handle, Int64, Int64, Doubles, Doubles)
cancel = number("afina_cancel", Handle)
best = number("afina_best", Handle, Handles)
model_best = number("afina_model_best", Handle, Size, Handles)
trial_count = number("afina_trial_count", Handle, Int64s)
trial_get = number("afina_trial_get", Handle, Int64, Handles)
trial_free = nothing("afina_trial_free", Handle)
trial_extend = number("afina_trial_extend", Handle, Handle)
extend = number("afina_extend", Handle, Int64, Handle)
tell_unused = number("afina_tell_unused", Handle, Int64, Texts, Size)
trial_tell_unused = number("afina_trial_tell_unused", Handle, Texts, Size)
trial_is_unused = number("afina_trial_is_unused", Handle, Text, Int32s)
trial_number = long_number("afina_trial_number", Handle)
trial_point = pointer("afina_trial_point", Handle)
trial_state = number("afina_trial_state", Handle, Int32s)
trial_origin = number("afina_trial_origin", Handle, Int32s)
trial_budget = number("afina_trial_budget", Handle, Doubles)
trial_start = number("afina_trial_start", Handle, Doubles)
trial_arm = number("afina_trial_arm", Handle, Int64s)
trial_replicate = number("afina_trial_replicate", Handle, Int64s)
trial_parent = number("afina_trial_parent", Handle, Int64s)
trial_value = number("afina_trial_value", Handle, Doubles)
trial_values = number("afina_trial_values", Handle, Doubles, Size, Sizes)
trial_constraints = number("afina_trial_constraints", Handle, Doubles, Size, Sizes)
trial_errors = number("afina_trial_errors", Handle, Doubles, Size, Sizes)
trial_reason = number("afina_trial_reason", Handle, Text, Size, Sizes)
trial_report_count = number("afina_trial_report_count", Handle, Sizes)
trial_report = number("afina_trial_report", Handle, Size, Doubles, Doubles, Size, Sizes)
trial_checkpoint = number("afina_trial_checkpoint", Handle, Text, Size, Sizes)
trial_attribute = number("afina_trial_attribute", Handle, Text, Text, Size, Sizes)
trial_attribute_count = number("afina_trial_attribute_count", Handle, Sizes)
trial_attribute_key = number("afina_trial_attribute_key", Handle, Size, Text, Size, Sizes)
column_states = number("afina_column_states", Handle, Int64, Int32s, Size, Sizes)
column_origins = number("afina_column_origins", Handle, Int64, Int32s, Size, Sizes)
column_values = number("afina_column_values", Handle, Size, Int64, Doubles, Size, Sizes)
column_reals = number("afina_column_reals", Handle, Text, Int64, Doubles, Size, Sizes)
column_integers = number("afina_column_integers", Handle, Text, Int64, Int64s, Int32s, Size, Sizes)
column_choices = number("afina_column_choices", Handle, Text, Int64, Int32s, Size, Sizes)
column_started = number("afina_column_started", Handle, Int64, Int64s, Size, Sizes)
column_ended = number("afina_column_ended", Handle, Int64, Int64s, Size, Sizes)
column_attributes = number("afina_column_attributes", Handle, Text, Int64, Texts, Size, Sizes)
running_trials = number("afina_running_trials", Handle, Int64s, Size, Sizes)
optimizer_cost = number("afina_optimizer_cost", Handle, Doubles, Doubles)
stale_checkpoints = number("afina_stale_checkpoints", Handle, Int64s, Size, Sizes)
conclusion = number("afina_conclusion", Handle, Int64s, Int32s, Doubles)
trial_times = number("afina_trial_times", Handle, Int64s, Int64s)
trial_seed = number("afina_trial_seed", Handle, UInt64s)
trial_data_seed = number("afina_trial_data_seed", Handle, UInt64s)
optimizer_to_log = number("afina_optimizer_to_log", Handle, Text, Size, Sizes)
optimizer_from_log = number("afina_optimizer_from_log", Handles, Text, Size)
log_read = number("afina_log_read", Handle, Int64, Text, Size, Sizes, Int64s)
log_append = number("afina_log_append", Handle, Int64, Text, Size, Int64s)
log_rewind = number("afina_log_rewind", Handle, Int64)
log_length = number("afina_log_length", Handle, Int64s)
optimizer_replay = number("afina_optimizer_replay", Handle, Int64s)
optimizer_open = number("afina_optimizer_open", Text, Text, Handle, Text, Int32, Handles)
optimizer_refresh = number("afina_optimizer_refresh", Handle, Double, Int64s)
store_list = number("afina_store_list", Text, Text, Size, Sizes)
store_delete = number("afina_store_delete", Text, Text)
model_predict = number("afina_model_predict", Handle, Size, Handle, Doubles, Doubles)
model_quantile = number("afina_model_quantile", Handle, Size, Handle, Double, Doubles)
model_noise = number("afina_model_noise", Handle, Size, Handle, Doubles)
model_draws = number(
    "afina_model_draws",
    Handle,
    Size,
    Handles,
    Size,
    Size,
    UInt64,
    Doubles,
    Size,
    Sizes,
)
model_length_scale = number("afina_model_length_scale", Handle, Size, Text, Doubles)
model_importances = number("afina_model_importances", Handle, Size, Doubles, Size, Sizes)
model_importance = number("afina_model_importance", Handle, Size, Text, Doubles)
model_optima = number("afina_model_optima", Handle, Size, Size, UInt64, Handles)
model_range = number("afina_model_range", Handle, Size, Text, Double, UInt64, Doubles, Doubles)
model_choice_shares = number(
    "afina_model_choice_shares",
    Handle,
    Size,
    Text,
    UInt64,
    Doubles,
    Size,
    Sizes,
)
model_simplify = number("afina_model_simplify", Handle, Size, Handle, Handles)
model_regret = number("afina_model_regret", Handle, Size, Doubles, Doubles)
model_leave_one_out = number(
    "afina_model_leave_one_out",
    Handle,
    Size,
    Int64s,
    Doubles,
    Doubles,
    Doubles,
    Size,
    Sizes,
)
resampling_scheme_count = size("afina_resampling_scheme_count")
resampling_scheme_name = text("afina_resampling_scheme_name", Size)
resampling_scheme_summary = text("afina_resampling_scheme_summary", Text)
resampling_new = number("afina_resampling_new", Handles, Text, Size)
resampling_free = nothing("afina_resampling_free", Handle)
resampling_set_integer = number("afina_resampling_set_integer", Handle, Text, Int64)
resampling_set_real = number("afina_resampling_set_real", Handle, Text, Double)
resampling_set_classes = number("afina_resampling_set_classes", Handle, Int64s, Size)
resampling_set_groups = number("afina_resampling_set_groups", Handle, Int64s, Size)
resampling_count = number("afina_resampling_count", Handle, Int64s)
resampling_rows = number(
    "afina_resampling_rows",
    Handle,
    Int64,
    Int64s,
    Size,
    Sizes,
    Int64s,
    Size,
    Sizes,
)
resampling_inner = number("afina_resampling_inner", Handles, Handle, Int64, Text)
experiment_new = number("afina_experiment_new", Handles, Handle, Handle, Handle, Handle)
experiment_free = nothing("afina_experiment_free", Handle)
experiment_objective = number("afina_experiment_objective", Handle, Doubles, Handle)
resampling_632 = number("afina_resampling_632", Double, Double, Double, Doubles)
aggregate_count = size("afina_aggregate_count")
aggregate_name = text("afina_aggregate_name", Size)
aggregate_summary = text("afina_aggregate_summary", Text)
aggregate = number("afina_aggregate", Doubles, Size, Int32, Text, Double, Double, Doubles, Doubles)
additive_fit = number(
    "afina_additive_fit",
    Doubles,
    Size,
    Size,
    Doubles,
    Doubles,
    Doubles,
    Doubles,
    Doubles,
)
fold_race = number("afina_fold_race", Doubles, Size, Size, Int32, Size, Double, Int32s)
winner = number(
    "afina_winner",
    Doubles,
    Doubles,
    Size,
    Int32,
    Double,
    Sizes,
    Doubles,
    Doubles,
    Doubles,
)
winner_rivals = number("afina_winner_rivals", Doubles, Doubles, Size, Int32, Double, Int32s)
winner_simplest = number(
    "afina_winner_simplest",
    Doubles,
    Doubles,
    Doubles,
    Size,
    Int32,
    Double,
    Sizes,
)
winner_rows = number(
    "afina_winner_rows",
    Doubles,
    Size,
    Size,
    Int32,
    Int64,
    UInt64,
    Double,
    Doubles,
    Doubles,
    Doubles,
    Doubles,
)
interval_resampled = number(
    "afina_interval_resampled",
    Doubles,
    Size,
    Double,
    Double,
    Doubles,
    Doubles,
    Doubles,
)
interval_halves = number(
    "afina_interval_halves",
    Double,
    Doubles,
    Doubles,
    Size,
    Double,
    Doubles,
    Doubles,
)
interval_nested = number(
    "afina_interval_nested",
    Doubles,
    Doubles,
    Doubles,
    Size,
    Size,
    Double,
    Double,
    Double,
    Doubles,
    Doubles,
    Doubles,
)
compare_methods = number(
    "afina_compare_methods",
    Handle,
    Texts,
    Size,
    Int64,
    Size,
    Handle,
    Handle,
    Handle,
    Doubles,
)
compare_ranks = number("afina_compare_ranks", Doubles, Size, Size, Int32, Doubles)
compare_friedman = number(
    "afina_compare_friedman",
    Doubles,
    Size,
    Size,
    Int32,
    Doubles,
    Doubles,
    Doubles,
    Doubles,
)
compare_pairs = number("afina_compare_pairs", Doubles, Size, Size, Int32, Int32, Doubles)
compare_critical_difference = number(
    "afina_compare_critical_difference",
    Size,
    Size,
    Double,
    Doubles,
)
compare_picture = number(
    "afina_compare_picture",
    Doubles,
    Size,
    Size,
    Int32,
    Int32,
    Double,
    Texts,
    Text,
    Size,
    Sizes,
)
compare_paired = number(
    "afina_compare_paired",
    Doubles,
    Doubles,
    Size,
    Int32,
    Double,
    Double,
    Doubles,
    Doubles,
    Doubles,
    Doubles,
    Int32s,
)
final_new = number("afina_final_new", Handles, Handle, Double, Double)
final_free = nothing("afina_final_free", Handle)
final_winner = number("afina_final_winner", Handle, Int64s, Doubles, Doubles, Doubles, Doubles)
final_rivals = number("afina_final_rivals", Handle, Int64s, Size, Sizes)
final_simplest = number("afina_final_simplest", Handle, Int64s)
final_default = number(
    "afina_final_default",
    Handle,
    Int64s,
    Doubles,
    Doubles,
    Doubles,
    Doubles,
    Int32s,
)
method_count = size("afina_method_count")
method_name = text("afina_method_name", Size)
method_summary = text("afina_method_summary", Text)
method_trait = number("afina_method_trait", Text, Text, Int32s)
trait_count = size("afina_trait_count")
trait_name = text("afina_trait_name", Size)
trait_summary = text("afina_trait_summary", Text)
scheduler_count = size("afina_scheduler_count")
scheduler_name = text("afina_scheduler_name", Size)
scheduler_summary = text("afina_scheduler_summary", Text)
stopper_count = size("afina_stopper_count")
stopper_name = text("afina_stopper_name", Size)
stopper_summary = text("afina_stopper_summary", Text)
option_count = size("afina_option_count", Text)
option_name = text("afina_option_name", Text, Size)
option_type = number("afina_option_type", Text, Text, Int32s)
option_range = number("afina_option_range", Text, Text, Doubles, Doubles)
option_default_number = number("afina_option_default_number", Text, Text, Doubles)
option_default_string = text("afina_option_default_string", Text, Text)
option_choices = text("afina_option_choices", Text, Text)
option_summary = text("afina_option_summary", Text, Text)
dataset_from_csv = number("afina_dataset_from_csv", Handles, Text, Int32, Text, Int32, Texts, Size)
dataset_from_idx = number("afina_dataset_from_idx", Handles, Text, Text, Int32)
dataset_from_arrays = number(
    "afina_dataset_from_arrays",
    Handles,
    Doubles,
    Size,
    Size,
    Doubles,
    Int32,
)
dataset_free = nothing("afina_dataset_free", Handle)
dataset_split = number("afina_dataset_split", Handle, Double, UInt64, Handles, Handles)
dataset_rows = size("afina_dataset_rows", Handle)
dataset_columns = size("afina_dataset_columns", Handle)
dataset_classes = size("afina_dataset_classes", Handle)
mlp_new = number("afina_mlp_new", Handles, Handle)
mlp_free = nothing("afina_mlp_free", Handle)
mlp_set_integer = number("afina_mlp_set_integer", Handle, Text, Int64)
mlp_set_string = number("afina_mlp_set_string", Handle, Text, Text)
mlp_space = number("afina_mlp_space", Handle, Handles)
mlp_objective = number("afina_mlp_objective", Handle, Doubles, Handle)
network_train = number("afina_network_train", Handles, Handle, Handle, UInt64)
network_free = nothing("afina_network_free", Handle)
network_train_epochs = number("afina_network_train_epochs", Handles, Handle, Handle, Int32, UInt64)
network_score = number("afina_network_score", Handle, Handle, Text, Doubles)
network_predict = number(
    "afina_network_predict",
    Handle,
    Doubles,
    Size,
    Size,
    Doubles,
    Size,
    Sizes,
)
training_new = number("afina_training_new", Handles, Handle, Handle, UInt64)
training_free = nothing("afina_training_free", Handle)
training_run = number("afina_training_run", Handle, Int32, Handle, Handle)
training_progress = number("afina_training_progress", Handle, Int32s, Int32s)
training_best = number("afina_training_best", Handle, Doubles, Doubles)
training_network = number("afina_training_network", Handles, Handle, Size)
training_save = number("afina_training_save", Handle, Handle, Size, Sizes)
training_load = number("afina_training_load", Handle, Handle, Size)
