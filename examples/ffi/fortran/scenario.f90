! The scenario of examples/ffi/README.md.
module scenario
    use, intrinsic :: iso_c_binding, only: dp => c_double, c_int32_t, c_int64_t
    use afina
    implicit none

contains

    subroutine make_optimizer(optimizer)
        type(afina_optimizer), intent(inout) :: optimizer
        type(afina_space) :: space
        call space%create()
        call space%real("rate", 0.001_dp, 1.0_dp, scale_log)
        call space%categorical("solver", ["sgd ", "adam"])
        call space%real("momentum", 0.0_dp, 1.0_dp, scale_linear)
        call space%active_in("momentum", "solver", ["sgd"])
        call space%integer("layers", 1, 3, scale_linear)
        call space%integer("width", 4, 64, scale_log)
        call space%active_if("width", "layers", compare_greater_equal, 2.0_dp)
        call optimizer%create(space, "gp")
        call optimizer%set_integer("seed", 11)
        call optimizer%set_string("stopper", "median")
    end subroutine make_optimizer

    function loss_of(trial) result(loss)
        class(afina_trial), intent(in) :: trial
        real(dp) :: loss, rate, width, a, m, b
        integer(c_int64_t) :: layers
        rate = trial%real("rate")
        layers = trial%integer("layers")
        a = (rate - 0.05_dp)/(rate + 0.05_dp)
        loss = a*a
        if (trial%choice("solver") == "sgd") then
            m = trial%real("momentum") - 0.9_dp
            loss = loss + m*m
        else
            loss = loss + 0.03_dp
        end if
        if (layers >= 2) then
            width = real(trial%integer("width"), dp)
            b = (width - 24)/(width + 24)
            loss = loss + b*b
        else
            loss = loss + 0.1_dp
        end if
        loss = loss + 0.01_dp*real(layers, dp)
    end function loss_of

    ! Reports step by step, until the last one or until the stopper ends the trial.
    subroutine train(trial, value, stopped, errmsg)
        class(afina_trial), intent(inout) :: trial
        real(dp), intent(out) :: value
        logical, intent(out) :: stopped
        character(*), intent(inout) :: errmsg
        real(dp) :: loss
        integer :: step
        loss = loss_of(trial)
        errmsg = ""
        stopped = .false.
        do step = 1, 10
            value = loss + 0.5_dp/step
            call trial%report(step, value)
            stopped = trial%should_stop()
            if (stopped) return
        end do
    end subroutine train

    subroutine run_asked(optimizer)
        type(afina_optimizer), intent(inout) :: optimizer
        type(afina_trial) :: trial
        character(512) :: text
        real(dp) :: value
        logical :: stopped
        integer :: i
        do i = 1, 30
            call optimizer%ask(trial)
            call train(trial, value, stopped, text)
            if (stopped) then
                call trial%tell_stopped()
            else
                call trial%tell(value)
            end if
        end do
    end subroutine run_asked

    subroutine print_result(how, optimizer)
        character(*), intent(in) :: how
        type(afina_optimizer), intent(inout) :: optimizer
        integer(c_int32_t), allocatable :: states(:)
        type(afina_trial) :: best
        character(16) :: bits
        integer :: i
        states = optimizer%states()
        call optimizer%best(best)
        write (bits, "(z16.16)") transfer(best%value(), 0_c_int64_t)
        do i = 1, len(bits) ! gfortran writes capitals
            if (bits(i:i) >= "A") bits(i:i) = achar(iachar(bits(i:i)) + 32)
        end do
        print "(a, ': ', i0, ' trials, ', i0, ' stopped, best ', f8.6, ' in trial ', i0, ', bits ', a)", how, &
            size(states), count(states == state_stopped), best%value(), best%number(), bits
    end subroutine print_result

    subroutine breaks(trial, value, stopped, errmsg)
        class(afina_trial), intent(inout) :: trial
        real(dp), intent(out) :: value
        logical, intent(out) :: stopped
        character(*), intent(inout) :: errmsg
        value = real(trial%number(), dp)
        stopped = .false.
        errmsg = "the training broke"
    end subroutine breaks

    subroutine print_broken()
        type(afina_optimizer) :: broken
        character(512) :: text
        integer :: stat
        call make_optimizer(broken)
        call broken%optimize(breaks, 30, stat, text)
        if (stat < 0) print "(2a)", "raised: ", trim(text)
    end subroutine print_broken

    subroutine print_error()
        type(afina_space) :: empty
        character(512) :: text
        integer :: stat
        call empty%create()
        call empty%real("rate", 1.0_dp, 0.001_dp, scale_linear, stat, text)
        if (stat < 0) print "(2a)", "error: ", trim(text)
    end subroutine print_error
end module scenario

program main
    use afina, only: afina_optimizer
    use scenario
    implicit none
    type(afina_optimizer) :: asked, called

    call print_error()

    call make_optimizer(asked)
    call run_asked(asked)
    call print_result("asked", asked)

    call make_optimizer(called)
    call called%optimize(train, 30)
    call print_result("called", called)

    call print_broken()
end program main
