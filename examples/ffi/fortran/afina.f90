! The part of afina that the scenario needs, by iso_c_binding.
!
! A failed call ends the program with the library's text, unless there is a `stat`, as in `allocate`: then it stores its
! status there, and the text in `errmsg`. Handles are freed when their variables end.
module afina
    use, intrinsic :: iso_c_binding
    use, intrinsic :: iso_fortran_env, only: error_unit
    implicit none
    private

    ! Numbers of afina.h.
    integer(c_int32_t), parameter, public :: scale_linear = 0, scale_log = 1
    integer(c_int32_t), parameter, public :: compare_greater_equal = 5
    integer(c_int32_t), parameter, public :: state_stopped = 2
    integer(c_int32_t), parameter :: e_callback = -16

    type, public :: afina_space
        private
        type(c_ptr) :: handle = c_null_ptr
    contains
        procedure :: create => space_create
        procedure :: real => space_real
        procedure :: integer => space_integer
        procedure :: categorical => space_categorical
        procedure :: active_in => space_active_in
        procedure :: active_if => space_active_if
        final :: space_free
    end type afina_space

    type, public :: afina_optimizer
        private
        type(c_ptr) :: handle = c_null_ptr
    contains
        procedure :: create => optimizer_create
        procedure :: set_integer => optimizer_set_integer
        procedure :: set_string => optimizer_set_string
        procedure :: ask => optimizer_ask
        procedure :: best => optimizer_best
        procedure :: optimize => optimizer_optimize
        procedure :: states => optimizer_states
        final :: optimizer_free
    end type afina_optimizer

    type, public :: afina_trial
        private
        type(c_ptr) :: handle = c_null_ptr
        logical :: borrowed = .false.
    contains
        procedure :: number => trial_number
        procedure :: value => trial_value
        procedure :: real => trial_real
        procedure :: integer => trial_integer
        procedure :: choice => trial_choice
        procedure :: report => trial_report
        procedure :: should_stop => trial_should_stop
        procedure :: tell => trial_tell
        procedure :: tell_stopped => trial_tell_stopped
        final :: trial_free
    end type afina_trial

    abstract interface
        ! Evaluates a trial: `value` counts unless the trial was told to stop. An `errmsg` that is not blank ends the
        ! run.
        subroutine afina_objective(trial, value, stopped, errmsg)
            import :: afina_trial, c_double
            class(afina_trial), intent(inout) :: trial
            real(c_double), intent(out) :: value
            logical, intent(out) :: stopped
            character(*), intent(inout) :: errmsg
        end subroutine afina_objective
    end interface
    public :: afina_objective

    ! What afina_optimize() hands to each call of the objective.
    type :: run
        procedure(afina_objective), pointer, nopass :: objective => null()
    end type run

    interface
        function c_last_error() bind(c, name="afina_last_error") result(text)
            import :: c_ptr
            type(c_ptr) :: text
        end function c_last_error

        function c_set_last_error(text) bind(c, name="afina_set_last_error") result(status)
            import :: c_char, c_int32_t
            character(kind=c_char), intent(in) :: text(*)
            integer(c_int32_t) :: status
        end function c_set_last_error

        function c_strlen(text) bind(c, name="strlen") result(length)
            import :: c_ptr, c_size_t
            type(c_ptr), value :: text
            integer(c_size_t) :: length
        end function c_strlen

        function c_space_new(out) bind(c, name="afina_space_new") result(status)
            import :: c_ptr, c_int32_t
            type(c_ptr), intent(out) :: out
            integer(c_int32_t) :: status
        end function c_space_new

        subroutine c_space_free(space) bind(c, name="afina_space_free")
            import :: c_ptr
            type(c_ptr), value :: space
        end subroutine c_space_free

        function c_add_real(space, name, low, high, scale) bind(c, name="afina_space_add_real") result(status)
            import :: c_ptr, c_char, c_double, c_int32_t
            type(c_ptr), value :: space
            character(kind=c_char), intent(in) :: name(*)
            real(c_double), value :: low, high
            integer(c_int32_t), value :: scale
            integer(c_int32_t) :: status
        end function c_add_real

        function c_add_integer(space, name, low, high, scale) bind(c, name="afina_space_add_integer") result(status)
            import :: c_ptr, c_char, c_int64_t, c_int32_t
            type(c_ptr), value :: space
            character(kind=c_char), intent(in) :: name(*)
            integer(c_int64_t), value :: low, high
            integer(c_int32_t), value :: scale
            integer(c_int32_t) :: status
        end function c_add_integer

        function c_add_categorical(space, name, choices, count) bind(c, name="afina_space_add_categorical") &
            result(status)
            import :: c_ptr, c_char, c_size_t, c_int32_t
            type(c_ptr), value :: space
            character(kind=c_char), intent(in) :: name(*)
            type(c_ptr), intent(in) :: choices(*)
            integer(c_size_t), value :: count
            integer(c_int32_t) :: status
        end function c_add_categorical

        function c_add_condition_in(space, child, parent, values, count) bind(c, name="afina_space_add_condition_in") &
            result(status)
            import :: c_ptr, c_char, c_size_t, c_int32_t
            type(c_ptr), value :: space
            character(kind=c_char), intent(in) :: child(*), parent(*)
            type(c_ptr), intent(in) :: values(*)
            integer(c_size_t), value :: count
            integer(c_int32_t) :: status
        end function c_add_condition_in

        function c_add_condition(space, child, parent, comparison, number) bind(c, name="afina_space_add_condition") &
            result(status)
            import :: c_ptr, c_char, c_double, c_int32_t
            type(c_ptr), value :: space
            character(kind=c_char), intent(in) :: child(*), parent(*)
            integer(c_int32_t), value :: comparison
            real(c_double), value :: number
            integer(c_int32_t) :: status
        end function c_add_condition

        function c_optimizer_new(out, space, method) bind(c, name="afina_optimizer_new") result(status)
            import :: c_ptr, c_char, c_int32_t
            type(c_ptr), intent(out) :: out
            type(c_ptr), value :: space
            character(kind=c_char), intent(in) :: method(*)
            integer(c_int32_t) :: status
        end function c_optimizer_new

        subroutine c_optimizer_free(optimizer) bind(c, name="afina_optimizer_free")
            import :: c_ptr
            type(c_ptr), value :: optimizer
        end subroutine c_optimizer_free

        function c_set_integer(optimizer, key, value) bind(c, name="afina_optimizer_set_integer") result(status)
            import :: c_ptr, c_char, c_int64_t, c_int32_t
            type(c_ptr), value :: optimizer
            character(kind=c_char), intent(in) :: key(*)
            integer(c_int64_t), value :: value
            integer(c_int32_t) :: status
        end function c_set_integer

        function c_set_string(optimizer, key, value) bind(c, name="afina_optimizer_set_string") result(status)
            import :: c_ptr, c_char, c_int32_t
            type(c_ptr), value :: optimizer
            character(kind=c_char), intent(in) :: key(*), value(*)
            integer(c_int32_t) :: status
        end function c_set_string

        function c_ask(optimizer, out) bind(c, name="afina_ask") result(status)
            import :: c_ptr, c_int32_t
            type(c_ptr), value :: optimizer
            type(c_ptr), intent(out) :: out
            integer(c_int32_t) :: status
        end function c_ask

        function c_best(optimizer, out) bind(c, name="afina_best") result(status)
            import :: c_ptr, c_int32_t
            type(c_ptr), value :: optimizer
            type(c_ptr), intent(out) :: out
            integer(c_int32_t) :: status
        end function c_best

        function c_optimize(optimizer, objective, user, trials) bind(c, name="afina_optimize") result(status)
            import :: c_ptr, c_funptr, c_int64_t, c_int32_t
            type(c_ptr), value :: optimizer, user
            type(c_funptr), value :: objective
            integer(c_int64_t), value :: trials
            integer(c_int32_t) :: status
        end function c_optimize

        function c_column_states(optimizer, first, states, capacity, count) bind(c, name="afina_column_states") &
            result(status)
            import :: c_ptr, c_int64_t, c_size_t, c_int32_t
            type(c_ptr), value :: optimizer
            integer(c_int64_t), value :: first
            integer(c_int32_t), intent(out) :: states(*)
            integer(c_size_t), value :: capacity
            integer(c_size_t), intent(out) :: count
            integer(c_int32_t) :: status
        end function c_column_states

        function c_trial_count(optimizer, count) bind(c, name="afina_trial_count") result(status)
            import :: c_ptr, c_int64_t, c_int32_t
            type(c_ptr), value :: optimizer
            integer(c_int64_t), intent(out) :: count
            integer(c_int32_t) :: status
        end function c_trial_count

        subroutine c_trial_free(trial) bind(c, name="afina_trial_free")
            import :: c_ptr
            type(c_ptr), value :: trial
        end subroutine c_trial_free

        function c_trial_number(trial) bind(c, name="afina_trial_number") result(number)
            import :: c_ptr, c_int64_t
            type(c_ptr), value :: trial
            integer(c_int64_t) :: number
        end function c_trial_number

        function c_trial_point(trial) bind(c, name="afina_trial_point") result(point)
            import :: c_ptr
            type(c_ptr), value :: trial
            type(c_ptr) :: point
        end function c_trial_point

        function c_trial_value(trial, value) bind(c, name="afina_trial_value") result(status)
            import :: c_ptr, c_double, c_int32_t
            type(c_ptr), value :: trial
            real(c_double), intent(out) :: value
            integer(c_int32_t) :: status
        end function c_trial_value

        function c_point_get_real(point, name, value) bind(c, name="afina_point_get_real") result(status)
            import :: c_ptr, c_char, c_double, c_int32_t
            type(c_ptr), value :: point
            character(kind=c_char), intent(in) :: name(*)
            real(c_double), intent(out) :: value
            integer(c_int32_t) :: status
        end function c_point_get_real

        function c_point_get_integer(point, name, value) bind(c, name="afina_point_get_integer") result(status)
            import :: c_ptr, c_char, c_int64_t, c_int32_t
            type(c_ptr), value :: point
            character(kind=c_char), intent(in) :: name(*)
            integer(c_int64_t), intent(out) :: value
            integer(c_int32_t) :: status
        end function c_point_get_integer

        function c_point_get_string(point, name, value) bind(c, name="afina_point_get_string") result(status)
            import :: c_ptr, c_char, c_int32_t
            type(c_ptr), value :: point
            character(kind=c_char), intent(in) :: name(*)
            type(c_ptr), intent(out) :: value
            integer(c_int32_t) :: status
        end function c_point_get_string

        function c_tell_report(trial, step, values, count) bind(c, name="afina_trial_tell_report") result(status)
            import :: c_ptr, c_double, c_size_t, c_int32_t
            type(c_ptr), value :: trial
            real(c_double), value :: step
            real(c_double), intent(in) :: values(*)
            integer(c_size_t), value :: count
            integer(c_int32_t) :: status
        end function c_tell_report

        function c_should_stop(trial, stop) bind(c, name="afina_trial_should_stop") result(status)
            import :: c_ptr, c_int32_t
            type(c_ptr), value :: trial
            integer(c_int32_t), intent(out) :: stop
            integer(c_int32_t) :: status
        end function c_should_stop

        function c_tell(trial, values, count) bind(c, name="afina_trial_tell") result(status)
            import :: c_ptr, c_double, c_size_t, c_int32_t
            type(c_ptr), value :: trial
            real(c_double), intent(in) :: values(*)
            integer(c_size_t), value :: count
            integer(c_int32_t) :: status
        end function c_tell

        function c_tell_stopped(trial) bind(c, name="afina_trial_tell_stopped") result(status)
            import :: c_ptr, c_int32_t
            type(c_ptr), value :: trial
            integer(c_int32_t) :: status
        end function c_tell_stopped
    end interface

contains

    ! ------------------------------------------------------------------ texts and errors

    function to_c(text) result(copy)
        character(*), intent(in) :: text
        character(kind=c_char, len=:), allocatable :: copy
        copy = trim(text)//c_null_char
    end function to_c

    function from_c(text) result(copy)
        type(c_ptr), intent(in) :: text
        character(:), allocatable :: copy
        character(kind=c_char), pointer :: characters(:)
        integer :: i
        call c_f_pointer(text, characters, [c_strlen(text)])
        allocate (character(size(characters)) :: copy)
        do i = 1, size(characters)
            copy(i:i) = characters(i)
        end do
    end function from_c

    subroutine check(status, stat, errmsg)
        integer(c_int32_t), intent(in) :: status
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        if (present(stat)) stat = status
        if (status >= 0) return
        if (present(errmsg)) errmsg = from_c(c_last_error())
        if (present(stat)) return
        write (error_unit, "(a)") from_c(c_last_error())
        error stop 1
    end subroutine check

    ! C strings of the same length as the longest, and pointers to them.
    subroutine to_pointers(texts, copies, pointers)
        character(*), intent(in) :: texts(:)
        character(kind=c_char, len=:), allocatable, target, intent(out) :: copies(:)
        type(c_ptr), allocatable, intent(out) :: pointers(:)
        integer :: i
        allocate (character(len(texts) + 1) :: copies(size(texts)))
        allocate (pointers(size(texts)))
        do i = 1, size(texts)
            copies(i) = trim(texts(i))//c_null_char
            pointers(i) = c_loc(copies(i))
        end do
    end subroutine to_pointers

    ! ------------------------------------------------------------------ space

    subroutine space_create(self)
        class(afina_space), intent(inout) :: self
        call c_space_free(self%handle)
        call check(c_space_new(self%handle))
    end subroutine space_create

    subroutine space_free(self)
        type(afina_space), intent(inout) :: self
        call c_space_free(self%handle)
        self%handle = c_null_ptr
    end subroutine space_free

    subroutine space_real(self, name, low, high, scale, stat, errmsg)
        class(afina_space), intent(inout) :: self
        character(*), intent(in) :: name
        real(c_double), intent(in) :: low, high
        integer(c_int32_t), intent(in) :: scale
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        call check(c_add_real(self%handle, to_c(name), low, high, scale), stat, errmsg)
    end subroutine space_real

    subroutine space_integer(self, name, low, high, scale, stat, errmsg)
        class(afina_space), intent(inout) :: self
        character(*), intent(in) :: name
        integer, intent(in) :: low, high
        integer(c_int32_t), intent(in) :: scale
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        call check(c_add_integer(self%handle, to_c(name), int(low, c_int64_t), &
                            int(high, c_int64_t), scale), stat, errmsg)
    end subroutine space_integer

    subroutine space_categorical(self, name, choices, stat, errmsg)
        class(afina_space), intent(inout) :: self
        character(*), intent(in) :: name, choices(:)
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        character(kind=c_char, len=:), allocatable, target :: copies(:)
        type(c_ptr), allocatable :: pointers(:)
        call to_pointers(choices, copies, pointers)
        call check(c_add_categorical(self%handle, to_c(name), pointers, size(choices, kind=c_size_t)), stat, errmsg)
    end subroutine space_categorical

    ! The child is active only where the parent has one of the values.
    subroutine space_active_in(self, child, parent, values, stat, errmsg)
        class(afina_space), intent(inout) :: self
        character(*), intent(in) :: child, parent, values(:)
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        character(kind=c_char, len=:), allocatable, target :: copies(:)
        type(c_ptr), allocatable :: pointers(:)
        call to_pointers(values, copies, pointers)
        call check(c_add_condition_in(self%handle, to_c(child), to_c(parent), pointers, &
                                      size(values, kind=c_size_t)), stat, errmsg)
    end subroutine space_active_in

    ! The child is active only where the parent compares to the number as said.
    subroutine space_active_if(self, child, parent, comparison, number, stat, errmsg)
        class(afina_space), intent(inout) :: self
        character(*), intent(in) :: child, parent
        integer(c_int32_t), intent(in) :: comparison
        real(c_double), intent(in) :: number
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        call check(c_add_condition(self%handle, to_c(child), to_c(parent), comparison, number), stat, errmsg)
    end subroutine space_active_if

    ! ------------------------------------------------------------------ optimizer

    ! The space is copied.
    subroutine optimizer_create(self, space, method, stat, errmsg)
        class(afina_optimizer), intent(inout) :: self
        type(afina_space), intent(in) :: space
        character(*), intent(in) :: method
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        call c_optimizer_free(self%handle)
        call check(c_optimizer_new(self%handle, space%handle, to_c(method)), stat, errmsg)
    end subroutine optimizer_create

    subroutine optimizer_free(self)
        type(afina_optimizer), intent(inout) :: self
        call c_optimizer_free(self%handle)
        self%handle = c_null_ptr
    end subroutine optimizer_free

    subroutine optimizer_set_integer(self, key, value, stat, errmsg)
        class(afina_optimizer), intent(inout) :: self
        character(*), intent(in) :: key
        integer, intent(in) :: value
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        call check(c_set_integer(self%handle, to_c(key), int(value, c_int64_t)), stat, errmsg)
    end subroutine optimizer_set_integer

    subroutine optimizer_set_string(self, key, value, stat, errmsg)
        class(afina_optimizer), intent(inout) :: self
        character(*), intent(in) :: key, value
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        call check(c_set_string(self%handle, to_c(key), to_c(value)), stat, errmsg)
    end subroutine optimizer_set_string

    ! What was in `trial` is freed.
    subroutine optimizer_ask(self, trial, stat, errmsg)
        class(afina_optimizer), intent(inout) :: self
        type(afina_trial), intent(inout) :: trial
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        call trial_free(trial)
        call check(c_ask(self%handle, trial%handle), stat, errmsg)
    end subroutine optimizer_ask

    subroutine optimizer_best(self, trial, stat, errmsg)
        class(afina_optimizer), intent(inout) :: self
        type(afina_trial), intent(inout) :: trial
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        call trial_free(trial)
        call check(c_best(self%handle, trial%handle), stat, errmsg)
    end subroutine optimizer_best

    ! Evaluates trials with an objective.
    subroutine optimizer_optimize(self, objective, trials, stat, errmsg)
        class(afina_optimizer), intent(inout) :: self
        procedure(afina_objective) :: objective
        integer, intent(in) :: trials
        integer, intent(out), optional :: stat
        character(*), intent(inout), optional :: errmsg
        type(run), target :: this
        this%objective => objective
        call check(c_optimize(self%handle, c_funloc(call_objective), c_loc(this), int(trials, c_int64_t)), stat, errmsg)
    end subroutine optimizer_optimize

    function call_objective(handle, values, user) bind(c) result(status)
        type(c_ptr), value :: handle, user
        real(c_double), intent(inout) :: values(*)
        integer(c_int32_t) :: status
        type(run), pointer :: this
        type(afina_trial) :: trial
        character(512) :: text
        real(c_double) :: value
        logical :: stopped
        text = ""
        call c_f_pointer(user, this)
        trial%handle = handle
        trial%borrowed = .true.
        call this%objective(trial, value, stopped, text)
        if (.not. stopped) values(1) = value
        status = 0
        if (text == "") return
        status = c_set_last_error(to_c(text))
        status = e_callback
    end function call_objective

    ! The states of all trials.
    function optimizer_states(self) result(states)
        class(afina_optimizer), intent(in) :: self
        integer(c_int32_t), allocatable :: states(:)
        integer(c_int64_t) :: trials
        integer(c_size_t) :: count
        call check(c_trial_count(self%handle, trials))
        allocate (states(trials))
        call check(c_column_states(self%handle, 0_c_int64_t, states, size(states, kind=c_size_t), count))
    end function optimizer_states

    ! ------------------------------------------------------------------ trial

    subroutine trial_free(self)
        type(afina_trial), intent(inout) :: self
        if (.not. self%borrowed) call c_trial_free(self%handle)
        self%handle = c_null_ptr
    end subroutine trial_free

    function trial_number(self) result(number)
        class(afina_trial), intent(in) :: self
        integer(c_int64_t) :: number
        number = c_trial_number(self%handle)
    end function trial_number

    function trial_value(self) result(value)
        class(afina_trial), intent(in) :: self
        real(c_double) :: value
        call check(c_trial_value(self%handle, value))
    end function trial_value

    function trial_real(self, name) result(value)
        class(afina_trial), intent(in) :: self
        character(*), intent(in) :: name
        real(c_double) :: value
        call check(c_point_get_real(c_trial_point(self%handle), to_c(name), value))
    end function trial_real

    function trial_integer(self, name) result(value)
        class(afina_trial), intent(in) :: self
        character(*), intent(in) :: name
        integer(c_int64_t) :: value
        call check(c_point_get_integer(c_trial_point(self%handle), to_c(name), value))
    end function trial_integer

    function trial_choice(self, name) result(choice)
        class(afina_trial), intent(in) :: self
        character(*), intent(in) :: name
        character(:), allocatable :: choice
        type(c_ptr) :: text
        call check(c_point_get_string(c_trial_point(self%handle), to_c(name), text))
        choice = from_c(text)
    end function trial_choice

    subroutine trial_report(self, step, value)
        class(afina_trial), intent(inout) :: self
        integer, intent(in) :: step
        real(c_double), intent(in) :: value
        call check(c_tell_report(self%handle, real(step, c_double), [value], 1_c_size_t))
    end subroutine trial_report

    function trial_should_stop(self) result(answer)
        class(afina_trial), intent(inout) :: self
        logical :: answer
        integer(c_int32_t) :: stop
        call check(c_should_stop(self%handle, stop))
        answer = stop == 1
    end function trial_should_stop

    subroutine trial_tell(self, value)
        class(afina_trial), intent(inout) :: self
        real(c_double), intent(in) :: value
        call check(c_tell(self%handle, [value], 1_c_size_t))
    end subroutine trial_tell

    subroutine trial_tell_stopped(self)
        class(afina_trial), intent(inout) :: self
        call check(c_tell_stopped(self%handle))
    end subroutine trial_tell_stopped
end module afina
