-- The part of afina that the scenario needs, for LuaJIT. afina.open(cdef) takes the path of the preprocessed header.
--
-- A failed call is a Lua error with the library's text. Handles are freed by the garbage collector.
local ffi = require("ffi")
local afina = {}

local Optimizer, Trial, Space = {}, {}, {}
Optimizer.__index, Trial.__index, Space.__index = Optimizer, Trial, Space
local C -- the library

local function check(status)
  if status < 0 then
    error(ffi.string(C.afina_last_error()), 0)
  end
  return status
end

-- Calls make(out, ...), and gives what it stored there to the collector.
local function new(kind, make, free, ...)
  local out = ffi.new(kind .. "*[1]")
  check(make(out, ...))
  return ffi.gc(out[0], free)
end

local function read(kind, get, ...)
  local out = ffi.new(kind .. "[1]")
  local arguments = { ... }
  arguments[#arguments + 1] = out
  check(get(unpack(arguments)))
  return out[0]
end

-- An array of C strings. They live as long as the Lua strings do, so the caller keeps the table.
local function strings(texts)
  return ffi.new("const char *[?]", #texts, texts)
end

function afina.open(cdef)
  local file = assert(io.open(cdef))
  ffi.cdef(file:read("*a"))
  file:close()
  C = ffi.load("libafina.so.0")
  ffi.metatype("afina_point", {
    __index = {
      real = function(point, name) return read("double", C.afina_point_get_real, point, name) end,
      integer = function(point, name) return tonumber(read("int64_t", C.afina_point_get_integer, point, name)) end,
      string = function(point, name) return ffi.string(read("const char *", C.afina_point_get_string, point, name)) end,
    },
  })
  afina.C = C
  return afina
end

function afina.space()
  return setmetatable({ handle = new("afina_space", C.afina_space_new, C.afina_space_free) }, Space)
end

function Space:real(name, low, high, scale)
  check(C.afina_space_add_real(self.handle, name, low, high, scale or C.AFINA_SCALE_LINEAR))
end

function Space:integer(name, low, high, scale)
  check(C.afina_space_add_integer(self.handle, name, low, high, scale or C.AFINA_SCALE_LINEAR))
end

function Space:categorical(name, choices)
  check(C.afina_space_add_categorical(self.handle, name, strings(choices), #choices))
end

function Space:active_in(child, parent, values)
  check(C.afina_space_add_condition_in(self.handle, child, parent, strings(values), #values))
end

function Space:active_if(child, parent, comparison, number)
  check(C.afina_space_add_condition(self.handle, child, parent, comparison, number))
end

-- Options: numbers are whole here, as all that the scenario sets.
function afina.optimizer(space, method, options)
  local handle = new("afina_optimizer", C.afina_optimizer_new, C.afina_optimizer_free, space.handle, method)
  for key, value in pairs(options) do
    if type(value) == "string" then
      check(C.afina_optimizer_set_string(handle, key, value))
    else
      check(C.afina_optimizer_set_integer(handle, key, value))
    end
  end
  return setmetatable({ handle = handle }, Optimizer)
end

local function trial(handle)
  return setmetatable({ handle = handle }, Trial)
end

function Optimizer:ask()
  return trial(new("afina_trial", function(out, optimizer) return C.afina_ask(optimizer, out) end, C.afina_trial_free,
    self.handle))
end

function Optimizer:best()
  return trial(new("afina_trial", function(out, optimizer) return C.afina_best(optimizer, out) end, C.afina_trial_free,
    self.handle))
end

-- Evaluates trials with f(trial), which returns a value, or nothing where it was told to stop. A C function that calls
-- back into Lua may not be compiled; an error may not cross it, so that it goes round: as the library's error text.
function Optimizer:optimize(f, trials)
  local function objective(handle, values)
    local borrowed = trial(handle)
    local ok, value = pcall(f, borrowed)
    borrowed.handle = nil -- the library frees it
    if not ok then
      C.afina_set_last_error(tostring(value))
      return C.AFINA_E_CALLBACK
    end
    if value then
      values[0] = value
    end
    return C.AFINA_OK
  end
  local callback = ffi.cast("afina_objective", objective)
  local status = C.afina_optimize(self.handle, callback, nil, trials)
  callback:free()
  return check(status)
end
jit.off(Optimizer.optimize, true)

-- The states of all trials, as a Lua array.
function Optimizer:states()
  local count = ffi.new("size_t[1]")
  check(C.afina_column_states(self.handle, 0, nil, 0, count))
  local buffer = ffi.new("int32_t[?]", tonumber(count[0]))
  check(C.afina_column_states(self.handle, 0, buffer, count[0], count))
  local states = {}
  for i = 1, tonumber(count[0]) do
    states[i] = buffer[i - 1]
  end
  return states
end

function Trial:number() return tonumber(C.afina_trial_number(self.handle)) end

-- Borrowed: it lives as long as the trial.
function Trial:point() return C.afina_trial_point(self.handle) end

function Trial:value() return read("double", C.afina_trial_value, self.handle) end

function Trial:report(step, value)
  check(C.afina_trial_tell_report(self.handle, step, ffi.new("double[1]", value), 1))
end

function Trial:should_stop() return read("int32_t", C.afina_trial_should_stop, self.handle) == 1 end

function Trial:tell(value) check(C.afina_trial_tell(self.handle, ffi.new("double[1]", value), 1)) end

function Trial:tell_stopped() check(C.afina_trial_tell_stopped(self.handle)) end

return afina
