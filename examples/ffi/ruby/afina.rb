# frozen_string_literal: true

# The part of afina that the scenario needs, by fiddle, which comes with Ruby.
#
# A failed call raises Afina::Error with the library's text. Handles are freed by the garbage collector.
require "fiddle"
require "fiddle/import"

module Afina
  # The functions, as in afina.h.
  module C
    extend Fiddle::Importer
    dlload "libafina.so.0"
    typealias "int32_t", "int"
    typealias "int64_t", "long long"
    extern "const char *afina_last_error()"
    extern "int32_t afina_set_last_error(const char *)"
    extern "int32_t afina_constant_value(const char *, int32_t *)"
    extern "int32_t afina_space_new(void *)"
    extern "int32_t afina_space_add_real(void *, const char *, double, double, int32_t)"
    extern "int32_t afina_space_add_integer(void *, const char *, int64_t, int64_t, int32_t)"
    extern "int32_t afina_space_add_categorical(void *, const char *, void *, size_t)"
    extern "int32_t afina_space_add_condition_in(void *, const char *, const char *, void *, size_t)"
    extern "int32_t afina_space_add_condition(void *, const char *, const char *, int32_t, double)"
    extern "int32_t afina_point_get_real(void *, const char *, void *)"
    extern "int32_t afina_point_get_integer(void *, const char *, void *)"
    extern "int32_t afina_point_get_string(void *, const char *, void *)"
    extern "int32_t afina_optimizer_new(void *, void *, const char *)"
    extern "int32_t afina_optimizer_set_integer(void *, const char *, int64_t)"
    extern "int32_t afina_optimizer_set_string(void *, const char *, const char *)"
    extern "int32_t afina_optimize(void *, void *, void *, int64_t)"
    extern "int32_t afina_ask(void *, void *)"
    extern "int32_t afina_best(void *, void *)"
    extern "int32_t afina_column_states(void *, int64_t, void *, size_t, void *)"
    extern "int64_t afina_trial_number(void *)"
    extern "void *afina_trial_point(void *)"
    extern "int32_t afina_trial_value(void *, void *)"
    extern "int32_t afina_trial_tell_report(void *, double, void *, size_t)"
    extern "int32_t afina_trial_should_stop(void *, void *)"
    extern "int32_t afina_trial_tell(void *, void *, size_t)"
    extern "int32_t afina_trial_tell_stopped(void *)"

    # As functions that a pointer calls when it is collected.
    %w[space optimizer trial].each do |kind|
      const_set("FREE_#{kind.upcase}",
                Fiddle::Function.new(handler["afina_#{kind}_free"], [Fiddle::TYPE_VOIDP], Fiddle::TYPE_VOID))
    end
  end

  class Error < StandardError; end

  class << self
    def check(status)
      raise Error, C.afina_last_error.to_s.force_encoding("UTF-8") if status.negative?

      status
    end

    # The numbers of the header, by name: Afina.constant("AFINA_SCALE_LOG").
    def constant(name) = read("l") { |out| C.afina_constant_value(name, out) }

    # Room for one element, which the block fills and has checked: pack's letter says of what type.
    def read(letter)
      out = [0].pack(letter)
      check(yield(out))
      out.unpack1(letter)
    end

    # A handle that the block makes; the collector frees it.
    def handle(free)
      address = read("J") { |out| yield out }
      Fiddle::Pointer.new(address, 0, free)
    end

    # Calls the block with an array of C strings, which lives as long as the block runs.
    def strings(texts)
      pointers = texts.map { |text| Fiddle::Pointer["#{text}\0"] }
      yield pointers.map(&:to_i).pack("J*"), texts.size
    end
  end

  SCALE_LINEAR = constant("AFINA_SCALE_LINEAR")
  SCALE_LOG = constant("AFINA_SCALE_LOG")
  COMPARE_GREATER_EQUAL = constant("AFINA_COMPARE_GREATER_EQUAL")
  STATE_STOPPED = constant("AFINA_STATE_STOPPED")
  OK = constant("AFINA_OK")
  E_CALLBACK = constant("AFINA_E_CALLBACK")

  class Space
    attr_reader :handle

    def initialize = @handle = Afina.handle(C::FREE_SPACE) { |out| C.afina_space_new(out) }

    def real(name, range, scale: SCALE_LINEAR)
      Afina.check C.afina_space_add_real(@handle, name, range.begin, range.end, scale)
    end

    def integer(name, range, scale: SCALE_LINEAR)
      Afina.check C.afina_space_add_integer(@handle, name, range.begin, range.end, scale)
    end

    def categorical(name, choices)
      Afina.strings(choices) { |texts, n| Afina.check C.afina_space_add_categorical(@handle, name, texts, n) }
    end

    def active_in(child, parent, values)
      Afina.strings(values) { |texts, n| Afina.check C.afina_space_add_condition_in(@handle, child, parent, texts, n) }
    end

    def active_if(child, parent, comparison, number)
      Afina.check C.afina_space_add_condition(@handle, child, parent, comparison, number)
    end
  end

  class Optimizer
    def initialize(space, method, seed:, stopper:)
      @handle = Afina.handle(C::FREE_OPTIMIZER) { |out| C.afina_optimizer_new(out, space.handle, method) }
      Afina.check C.afina_optimizer_set_integer(@handle, "seed", seed)
      Afina.check C.afina_optimizer_set_string(@handle, "stopper", stopper)
    end

    def ask = Trial.new(Afina.handle(C::FREE_TRIAL) { |out| C.afina_ask(@handle, out) })

    def best = Trial.new(Afina.handle(C::FREE_TRIAL) { |out| C.afina_best(@handle, out) })

    # Evaluates trials with the block, whose answer is the value, or nil where it was told to stop. An exception of the
    # block ends the run, and is raised from here: it may not pass through C.
    def optimize(trials)
      raised = nil
      pointers = [Fiddle::TYPE_VOIDP] * 3
      objective = Fiddle::Closure::BlockCaller.new(Fiddle::TYPE_INT, pointers) do |handle, values, _user|
        trial = Trial.new(handle)
        value = yield trial
        values[0, 8] = [value].pack("d") if value
        OK
      rescue Exception => e # rubocop:disable Lint/RescueException
        raised = e
        C.afina_set_last_error(e.message) # what the log says of the trial
        E_CALLBACK
      ensure
        trial.forget
      end
      status = C.afina_optimize(@handle, objective, nil, trials)
      raise raised if raised

      Afina.check status
    end

    def states
      count = Afina.read("J") { |out| C.afina_column_states(@handle, 0, nil, 0, out) }
      states = "\0" * (4 * count)
      Afina.read("J") { |out| C.afina_column_states(@handle, 0, states, count, out) }
      states.unpack("l*")
    end
  end

  class Trial
    def initialize(handle) = @handle = handle

    # The library frees what it held.
    def forget = @handle = nil

    def number = C.afina_trial_number(@handle)

    def value = Afina.read("d") { |out| C.afina_trial_value(@handle, out) }

    def report(step, value) = Afina.check(C.afina_trial_tell_report(@handle, step, [value].pack("d"), 1))

    def stop? = Afina.read("l") { |out| C.afina_trial_should_stop(@handle, out) } == 1

    def tell(value) = Afina.check(C.afina_trial_tell(@handle, [value].pack("d"), 1))

    def tell_stopped = Afina.check(C.afina_trial_tell_stopped(@handle))

    def real(name) = Afina.read("d") { |out| C.afina_point_get_real(point, name, out) }

    def integer(name) = Afina.read("q") { |out| C.afina_point_get_integer(point, name, out) }

    def string(name)
      Fiddle::Pointer.new(Afina.read("J") { |out| C.afina_point_get_string(point, name, out) }).to_s
    end

    private

    # Borrowed from the trial.
    def point = C.afina_trial_point(@handle)
  end
end
