-- The scenario of examples/ffi/README.md.
local ffi = require("ffi")
local bit = require("bit")
local afina = require("afina").open(arg[1])
local C = afina.C

local function make_optimizer()
  local space = afina.space()
  space:real("rate", 0.001, 1, C.AFINA_SCALE_LOG)
  space:categorical("solver", { "sgd", "adam" })
  space:real("momentum", 0, 1)
  space:active_in("momentum", "solver", { "sgd" })
  space:integer("layers", 1, 3)
  space:integer("width", 4, 64, C.AFINA_SCALE_LOG)
  space:active_if("width", "layers", C.AFINA_COMPARE_GREATER_EQUAL, 2)
  return afina.optimizer(space, "gp", { seed = 11, stopper = "median" })
end

local function loss_of(point)
  local rate, layers = point:real("rate"), point:integer("layers")
  local a = (rate - 0.05) / (rate + 0.05)
  local loss = a * a
  if point:string("solver") == "sgd" then
    local m = point:real("momentum") - 0.9
    loss = loss + m * m
  else
    loss = loss + 0.03
  end
  if layers >= 2 then
    local width = point:integer("width")
    local b = (width - 24) / (width + 24)
    loss = loss + b * b
  else
    loss = loss + 0.1
  end
  return loss + 0.01 * layers
end

-- The value of the last step; nothing when the stopper ended the trial.
local function train(trial)
  local loss, value = loss_of(trial:point()), nil
  for step = 1, 10 do
    value = loss + 0.5 / step
    trial:report(step, value)
    if trial:should_stop() then
      return nil
    end
  end
  return value
end

local function print_result(how, optimizer)
  local states, stopped = optimizer:states(), 0
  for _, state in ipairs(states) do
    stopped = stopped + (state == C.AFINA_STATE_STOPPED and 1 or 0)
  end
  local best = optimizer:best()
  local bits = ffi.new("union { double number; uint32_t half[2]; }", { number = best:value() })
  local low, high = 0, 1
  if ffi.abi("be") then
    low, high = high, low
  end
  print(("%s: %d trials, %d stopped, best %.6f in trial %d, bits %s%s"):format(how, #states, stopped, best:value(),
    best:number(), bit.tohex(bits.half[high]), bit.tohex(bits.half[low])))
end

local _, message = pcall(function() afina.space():real("rate", 1, 0.001) end)
print("error: " .. message)

local asked = make_optimizer()
for _ = 1, 30 do
  local trial = asked:ask()
  local value = train(trial)
  if value then
    trial:tell(value)
  else
    trial:tell_stopped()
  end
end
print_result("asked", asked)

local called = make_optimizer()
called:optimize(train, 30)
print_result("called", called)

_, message = pcall(function()
  make_optimizer():optimize(function() error("the training broke", 0) end, 30)
end)
print("raised: " .. message)
