# frozen_string_literal: true

# The scenario of examples/ffi/README.md.
require_relative "afina"

def make_optimizer
  space = Afina::Space.new
  space.real("rate", 0.001..1, scale: Afina::SCALE_LOG)
  space.categorical("solver", %w[sgd adam])
  space.real("momentum", 0..1)
  space.active_in("momentum", "solver", %w[sgd])
  space.integer("layers", 1..3)
  space.integer("width", 4..64, scale: Afina::SCALE_LOG)
  space.active_if("width", "layers", Afina::COMPARE_GREATER_EQUAL, 2)
  Afina::Optimizer.new(space, "gp", seed: 11, stopper: "median")
end

def loss_of(trial)
  rate = trial.real("rate")
  layers = trial.integer("layers")
  a = (rate - 0.05) / (rate + 0.05)
  loss = a * a
  if trial.string("solver") == "sgd"
    m = trial.real("momentum") - 0.9
    loss += m * m
  else
    loss += 0.03
  end
  if layers >= 2
    width = trial.integer("width").to_f
    b = (width - 24) / (width + 24)
    loss += b * b
  else
    loss += 0.1
  end
  loss + 0.01 * layers
end

# The value of the last step; nil when the stopper ended the trial.
def train(trial)
  loss = loss_of(trial)
  value = nil
  (1..10).each do |step|
    value = loss + 0.5 / step
    trial.report(step, value)
    return nil if trial.stop?
  end
  value
end

def print_result(how, optimizer)
  states = optimizer.states
  best = optimizer.best
  puts format("%s: %d trials, %d stopped, best %.6f in trial %d, bits %s", how, states.size,
              states.count(Afina::STATE_STOPPED), best.value, best.number, [best.value].pack("G").unpack1("H*"))
end

begin
  Afina::Space.new.real("rate", 1..0.001)
rescue Afina::Error => e
  puts "error: #{e.message}"
end

asked = make_optimizer
30.times do
  trial = asked.ask
  value = train(trial)
  value ? trial.tell(value) : trial.tell_stopped
end
print_result("asked", asked)

called = make_optimizer
called.optimize(30) { |trial| train(trial) }
print_result("called", called)

begin
  make_optimizer.optimize(30) { raise "the training broke" }
rescue RuntimeError => e
  puts "raised: #{e.message}"
end
