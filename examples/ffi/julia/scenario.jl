# The scenario of examples/ffi/README.md, by @ccall: `julia scenario.jl`, with libafina.so.0 where the loader finds it.
using Printf

module Afina

const library = "libafina.so.0"

# A failed call throws it, with the library's text.
struct AfinaError <: Exception
    text::String
end
Base.showerror(io::IO, e::AfinaError) = print(io, e.text)

# The text belongs to the thread of the call, so it is read at once.
function check(status::Int32)
    status < 0 && throw(AfinaError(unsafe_string(@ccall library.afina_last_error()::Cstring)))
    return status
end

# A number of the header by its name.
function constant(name)
    value = Ref{Int32}()
    check(@ccall library.afina_constant_value(name::Cstring, value::Ref{Int32})::Int32)
    return value[]
end

# Handles are freed by the collector.
mutable struct Space
    handle::Ptr{Cvoid}
    function Space()
        out = Ref{Ptr{Cvoid}}()
        check(@ccall library.afina_space_new(out::Ref{Ptr{Cvoid}})::Int32)
        return finalizer(s -> (@ccall library.afina_space_free(s.handle::Ptr{Cvoid})::Cvoid), new(out[]))
    end
end
Base.unsafe_convert(::Type{Ptr{Cvoid}}, s::Space) = s.handle

function real!(space, name, low, high, scale = "AFINA_SCALE_LINEAR")
    check(@ccall library.afina_space_add_real(space::Ptr{Cvoid}, name::Cstring, low::Cdouble, high::Cdouble,
                                              constant(scale)::Int32)::Int32)
end

function integer!(space, name, low, high, scale = "AFINA_SCALE_LINEAR")
    check(@ccall library.afina_space_add_integer(space::Ptr{Cvoid}, name::Cstring, low::Int64, high::Int64,
                                                 constant(scale)::Int32)::Int32)
end

function categorical!(space, name, choices)
    check(@ccall library.afina_space_add_categorical(space::Ptr{Cvoid}, name::Cstring, choices::Ptr{Cstring},
                                                     length(choices)::Csize_t)::Int32)
end

# The child is active only where the parent has one of the values.
function active_in!(space, child, parent, values)
    check(@ccall library.afina_space_add_condition_in(space::Ptr{Cvoid}, child::Cstring, parent::Cstring,
                                                      values::Ptr{Cstring}, length(values)::Csize_t)::Int32)
end

# The child is active only where the parent compares to the number as said.
function active_if!(space, child, parent, comparison, number)
    check(@ccall library.afina_space_add_condition(space::Ptr{Cvoid}, child::Cstring, parent::Cstring,
                                                   constant(comparison)::Int32, number::Cdouble)::Int32)
end

mutable struct Optimizer
    handle::Ptr{Cvoid}
    function Optimizer(space, method)
        out = Ref{Ptr{Cvoid}}()
        check(@ccall library.afina_optimizer_new(out::Ref{Ptr{Cvoid}}, space::Ptr{Cvoid}, method::Cstring)::Int32)
        return finalizer(o -> (@ccall library.afina_optimizer_free(o.handle::Ptr{Cvoid})::Cvoid), new(out[]))
    end
end
Base.unsafe_convert(::Type{Ptr{Cvoid}}, o::Optimizer) = o.handle

function set!(optimizer, key, value::Integer)
    check(@ccall library.afina_optimizer_set_integer(optimizer::Ptr{Cvoid}, key::Cstring, value::Int64)::Int32)
end

function set!(optimizer, key, value::AbstractString)
    check(@ccall library.afina_optimizer_set_string(optimizer::Ptr{Cvoid}, key::Cstring, value::Cstring)::Int32)
end

mutable struct Trial
    handle::Ptr{Cvoid}
    Trial(handle) = finalizer(t -> (@ccall library.afina_trial_free(t.handle::Ptr{Cvoid})::Cvoid), new(handle))
end
Base.unsafe_convert(::Type{Ptr{Cvoid}}, t::Trial) = t.handle

function ask(optimizer)
    out = Ref{Ptr{Cvoid}}()
    check(@ccall library.afina_ask(optimizer::Ptr{Cvoid}, out::Ref{Ptr{Cvoid}})::Int32)
    return Trial(out[])
end

function best(optimizer)
    out = Ref{Ptr{Cvoid}}()
    check(@ccall library.afina_best(optimizer::Ptr{Cvoid}, out::Ref{Ptr{Cvoid}})::Int32)
    return Trial(out[])
end

function states(optimizer)
    count = Ref{Csize_t}()
    check(@ccall library.afina_column_states(optimizer::Ptr{Cvoid}, 0::Int64, C_NULL::Ptr{Int32}, 0::Csize_t,
                                             count::Ref{Csize_t})::Int32)
    states = Vector{Int32}(undef, count[])
    check(@ccall library.afina_column_states(optimizer::Ptr{Cvoid}, 0::Int64, states::Ptr{Int32},
                                             length(states)::Csize_t, count::Ref{Csize_t})::Int32)
    return states
end

number(trial) = @ccall library.afina_trial_number(trial::Ptr{Cvoid})::Int64

function value(trial)
    value = Ref{Cdouble}()
    check(@ccall library.afina_trial_value(trial::Ptr{Cvoid}, value::Ref{Cdouble})::Int32)
    return value[]
end

# The point is borrowed from the trial, which must live as long.
point(trial) = @ccall library.afina_trial_point(trial::Ptr{Cvoid})::Ptr{Cvoid}

function real(trial, name)
    value = Ref{Cdouble}()
    GC.@preserve trial check(@ccall library.afina_point_get_real(point(trial)::Ptr{Cvoid}, name::Cstring,
                                                                 value::Ref{Cdouble})::Int32)
    return value[]
end

function integer(trial, name)
    value = Ref{Int64}()
    GC.@preserve trial check(@ccall library.afina_point_get_integer(point(trial)::Ptr{Cvoid}, name::Cstring,
                                                                    value::Ref{Int64})::Int32)
    return value[]
end

function choice(trial, name)
    value = Ref{Cstring}()
    GC.@preserve trial begin
        check(@ccall library.afina_point_get_string(point(trial)::Ptr{Cvoid}, name::Cstring,
                                                    value::Ref{Cstring})::Int32)
        return unsafe_string(value[])
    end
end

function report(trial, step, value)
    check(@ccall library.afina_trial_tell_report(trial::Ptr{Cvoid}, step::Cdouble, value::Ref{Cdouble},
                                                 1::Csize_t)::Int32)
end

function should_stop(trial)
    stop = Ref{Int32}()
    check(@ccall library.afina_trial_should_stop(trial::Ptr{Cvoid}, stop::Ref{Int32})::Int32)
    return stop[] == 1
end

tell(trial, value) = check(@ccall library.afina_trial_tell(trial::Ptr{Cvoid}, value::Ref{Cdouble}, 1::Csize_t)::Int32)

tell_stopped(trial) = check(@ccall library.afina_trial_tell_stopped(trial::Ptr{Cvoid})::Int32)

end # module

function make_optimizer()
    space = Afina.Space()
    Afina.real!(space, "rate", 0.001, 1, "AFINA_SCALE_LOG")
    Afina.categorical!(space, "solver", ["sgd", "adam"])
    Afina.real!(space, "momentum", 0, 1)
    Afina.active_in!(space, "momentum", "solver", ["sgd"])
    Afina.integer!(space, "layers", 1, 3)
    Afina.integer!(space, "width", 4, 64, "AFINA_SCALE_LOG")
    Afina.active_if!(space, "width", "layers", "AFINA_COMPARE_GREATER_EQUAL", 2)
    optimizer = Afina.Optimizer(space, "gp")
    Afina.set!(optimizer, "seed", 11)
    Afina.set!(optimizer, "stopper", "median")
    return optimizer
end

function loss_of(trial)
    rate = Afina.real(trial, "rate")
    layers = Afina.integer(trial, "layers")
    a = (rate - 0.05) / (rate + 0.05)
    loss = a * a
    if Afina.choice(trial, "solver") == "sgd"
        m = Afina.real(trial, "momentum") - 0.9
        loss = loss + m * m
    else
        loss = loss + 0.03
    end
    if layers >= 2
        width = Afina.integer(trial, "width")
        b = (width - 24) / (width + 24)
        loss = loss + b * b
    else
        loss = loss + 0.1
    end
    return loss + 0.01 * layers
end

# The value of the last step; nothing when the stopper ended the trial.
function train(trial)
    loss = loss_of(trial)
    value = 0.0
    for step in 1:10
        value = loss + 0.5 / step
        Afina.report(trial, step, value)
        Afina.should_stop(trial) && return nothing
    end
    return value
end

function print_result(how, optimizer)
    states = Afina.states(optimizer)
    best = Afina.best(optimizer)
    value = Afina.value(best)
    @printf("%s: %d trials, %d stopped, best %.6f in trial %d, bits %016x\n", how, length(states),
            count(==(Afina.constant("AFINA_STATE_STOPPED")), states), value, Afina.number(best),
            reinterpret(UInt64, value))
end

try
    Afina.real!(Afina.Space(), "rate", 1, 0.001)
catch e
    e isa Afina.AfinaError || rethrow()
    println("error: ", sprint(showerror, e))
end

asked = make_optimizer()
for _ in 1:30
    trial = Afina.ask(asked)
    value = train(trial)
    value === nothing ? Afina.tell_stopped(trial) : Afina.tell(trial, value)
end
print_result("asked", asked)
