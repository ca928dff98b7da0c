/* Exceptions out of every callback of afina.hpp: they end the call, come out of it, and leave the study usable. */
#include "afina.hpp"
#include "cpp/harness.hpp"

#include <atomic>

static afina::space line()
{
    afina::space space;
    space.add_real("x", 0, 1);
    return space;
}

struct odd : std::runtime_error {
    using std::runtime_error::runtime_error;
};

static double square(afina::trial_view trial)
{
    return trial.get<double>("x") * trial.get<double>("x");
}

static void goes_on(afina::optimizer &optimizer)
{
    const std::int64_t before = optimizer.size();
    require(optimizer.optimize(square, 3) == afina::news::none && optimizer.size() == before + 3, "the study goes on");
}

static void out_of_an_objective()
{
    afina::optimizer optimizer(line(), "random");
    int calls = 0;
    const auto thrower = [&](afina::trial_view trial) {
        if (++calls == 3)
            throw odd("the third");
        return square(trial);
    };
    throws<odd>([&] { optimizer.optimize(thrower, 10); }, "the third");
    require(optimizer.size() == 3 && optimizer[2].state() == afina::state::failed, "the trial failed");
    require(optimizer[2].reason() == "the third", "its text is the reason");
    goes_on(optimizer);
}

static void that_is_no_std_exception()
{
    afina::optimizer optimizer(line(), "random");
    bool caught = false;
    try {
        optimizer.optimize([](afina::trial_view) -> double { throw 42; }, 10);
    } catch (int number) {
        caught = number == 42;
    }
    require(caught, "42 came out");
    goes_on(optimizer);
}

static void an_error_of_the_library_in_an_objective()
{
    afina::optimizer optimizer(line(), "random");
    throws<afina::error>([&] { optimizer.optimize([](afina::trial_view t) { return t.get<double>("y"); }, 10); },
                         "\"y\"");
    goes_on(optimizer);
}

static void what_is_of_the_trial_alone()
{
    afina::optimizer optimizer(line(), "random");
    const auto f = [](afina::trial_view trial) -> double {
        if (trial.number() % 3 == 0)
            throw afina::trial_failed("diverged");
        if (trial.number() % 3 == 1)
            throw afina::trial_infeasible("too large");
        return square(trial);
    };
    require(optimizer.optimize(f, 6) == afina::news::none, "the run goes on");
    using afina::state;
    require(optimizer.states() == std::vector<state>{state::failed, state::infeasible, state::complete, state::failed,
                                                     state::infeasible, state::complete},
            "states");
    require(optimizer[0].reason() == "diverged" && optimizer[1].reason() == "too large", "reasons");
}

static void cancelled()
{
    afina::optimizer optimizer(line(), "random");
    require(optimizer.optimize([](afina::trial_view) -> double { throw afina::run_cancelled(); }, 10) ==
                afina::news::cancelled,
            "news");
    require(optimizer.size() == 1 && optimizer[0].state() == afina::state::lost, "the trial is lost");
    goes_on(optimizer);
}

static void out_of_several_workers()
{
    afina::optimizer optimizer(line(), "random");
    optimizer.set("workers", 4);
    std::atomic<int> calls{0};
    throws<odd>(
        [&] {
            optimizer.optimize(
                [&](afina::trial_view) -> double {
                    calls++;
                    throw odd("all of them");
                },
                100);
        },
        "all of them");
    require(calls >= 1 && calls <= 4 && optimizer.running().empty(), "at most one a worker, and none runs");
    goes_on(optimizer);
}

static void out_of_a_filter()
{
    afina::optimizer optimizer(line(), "random");
    bool angry = true;
    optimizer.set_filter([&](afina::point_view point) {
        if (angry)
            throw odd("refused");
        return point.get<double>("x") < 0.5;
    });
    throws<odd>([&] { optimizer.ask(); }, "refused");
    throws<odd>([&] { optimizer.optimize(square, 3); }, "refused");
    angry = false;
    goes_on(optimizer);
    for (const double x : optimizer.reals("x"))
        require(x < 0.5, "the filter holds");
}

static void out_of_the_filter_of_a_space()
{
    afina::space space = line();
    space.set_filter([](afina::point_view) -> bool { throw odd("of the space"); });
    afina::optimizer optimizer(space, "random");
    throws<odd>([&] { optimizer.ask(); }, "of the space");
    throws<odd>([&] { optimizer.space().sample(1, 0); }, "of the space");
    throws<odd>([&] { optimizer.declared_space().sample(1, 0); }, "of the space");
}

static void out_of_a_filter_that_a_trial_asks()
{
    afina::optimizer optimizer(line(), "random");
    bool angry = true;
    optimizer.set_filter([&](afina::point_view point) {
        if (angry && point.json().find("y") != std::string::npos)
            throw odd("of y");
        return true;
    });
    const auto grows = [](afina::trial_view trial) {
        trial.extend(afina::space().add_real("y", 0, 1));
        return trial.get<double>("y");
    };
    throws<odd>([&] { optimizer.optimize(grows, 3); }, "of y");
    require(optimizer.size() == 1 && optimizer[0].state() == afina::state::failed, "the trial failed");
    const std::int64_t number = optimizer.ask()->number();
    throws<odd>([&] { optimizer.extend(number, afina::space().add_real("y", 0, 1)); }, "of y");
    angry = false;
    require(optimizer.optimize(grows, 3) == afina::news::none, "the study goes on, and grows");
}

static void out_of_an_observer()
{
    afina::optimizer optimizer(line(), "random");
    int told = 0;
    optimizer.set_observer([&](afina::event event, afina::trial_view trial, std::int64_t) {
        told += event == afina::event::told;
        if (event == afina::event::told && trial.number() == 1)
            throw odd("heard");
    });
    throws<odd>([&] { optimizer.optimize(square, 10); }, "heard");
    require(told == 2 && optimizer[1].state() == afina::state::complete, "nothing told is lost");
    goes_on(optimizer);
    require(told == 5, "it hears of the others");
}

static void out_of_an_observer_of_a_tell()
{
    afina::optimizer optimizer(line(), "random");
    optimizer.set_observer([](afina::event event, afina::trial_view, std::int64_t) {
        if (event == afina::event::told)
            throw odd("later");
    });
    std::optional<afina::trial> trial = optimizer.ask();
    trial->tell(1.0);
    throws<odd>([&] { optimizer.ask(); }, "later");
    require(optimizer.ask().has_value(), "once");
}

static void out_of_a_message_function()
{
    afina::optimizer optimizer(line(), "random");
    std::string heard;
    optimizer.set_message([&](afina::level level, std::string_view text) {
        require(level == afina::level::info, "level");
        heard = text;
        throw odd("enough");
    });
    throws<odd>([&] { optimizer.optimize(square, 10); }, "enough");
    require(!heard.empty() && optimizer.size() == 1, "after one trial");
}

static void out_of_an_experiment()
{
    const afina::resampling rows("kfold", 20);
    afina::optimizer optimizer(line(), "random");
    const afina::experiment bad(rows,
                                [](afina::trial_view, afina::span<const std::int64_t>,
                                   afina::span<const std::int64_t>) -> double { throw odd("in a fold"); });
    throws<odd>([&] { optimizer.optimize(bad, 3); }, "in a fold");
    const afina::experiment good(rows, [](afina::trial_view trial, afina::span<const std::int64_t> training,
                                          afina::span<const std::int64_t> validation) {
        require(training.size() == 16 && validation.size() == 4, "rows");
        return square(trial);
    });
    require(optimizer.optimize(good, 3) == afina::news::none, "good");
    require(optimizer.best().reports().size() == 5, "a report a fold");
}

static void out_of_simulations_dry_runs_and_comparisons()
{
    afina::optimizer optimizer(line(), "random");
    throws<odd>(
        [&] {
            optimizer.simulate(
                [](afina::trial_view, std::int64_t) -> afina::optimizer::occurrence { throw odd("simulated"); }, 2, 4);
        },
        "simulated");
    const afina::optimizer::simulation simulation = optimizer.simulate(
        [](afina::trial_view, std::int64_t index) {
            return afina::optimizer::occurrence{static_cast<double>(index) + 1, 1.0, 2.0, index == 2};
        },
        2, 4);
    require(simulation.seconds == 12 && simulation.busy == 1 && simulation.news == afina::news::none, "simulated time");
    const afina::optimizer::findings findings =
        optimizer.dry_run([](afina::trial_view) -> double { throw odd("dry"); });
    require(!findings.problems.empty() && findings.problems[0].find("dry") != std::string::npos,
            "the problem is named");
    throws<odd>(
        [&] {
            afina::compare_methods(
                line(), {"random"}, 2, 1, [](afina::trial_view) -> double { throw odd("f"); },
                [](afina::optimizer &, std::size_t, std::int64_t) {});
        },
        "f");
    throws<odd>(
        [&] {
            afina::compare_methods(line(), {"random"}, 2, 1, square,
                                   [](afina::optimizer &, std::size_t, std::int64_t) { throw odd("setup"); });
        },
        "setup");
}

static void values_that_do_not_fit()
{
    afina::optimizer optimizer(line(), "random");
    optimizer.set("objectives", 2);
    throws<afina::error>([&] { optimizer.optimize(square, 2); }, "2 objectives");
    throws<afina::error>(
        [&] {
            optimizer.optimize([](afina::trial_view) { return std::vector<double>{1, 2, 3}; }, 2);
        },
        "3 values");
    require(optimizer.optimize(
                [](afina::trial_view) {
                    return std::vector<double>{1, 2};
                },
                2) == afina::news::none,
            "two");
    require(optimizer.values(1).back() == 2, "the second objective");
}

static void callbacks_are_let_go()
{
    auto token = std::make_shared<int>(0);
    {
        afina::optimizer optimizer(line(), "random");
        optimizer.set_observer([token](afina::event, afina::trial_view, std::int64_t) {});
        optimizer.set_message([token](afina::level, std::string_view) {});
        optimizer.set_filter([token](afina::point_view) { return true; });
        require(token.use_count() == 4, "three callbacks hold it");
        optimizer.optimize(square, 1);
        throws<afina::error>([&] { optimizer.set_filter([token](afina::point_view) { return true; }); }, "");
        optimizer.set_observer([](afina::event, afina::trial_view, std::int64_t) {});
        require(token.use_count() == 3, "the replaced one and the refused one are gone");
    }
    require(token.use_count() == 1, "all are gone");
}

int main()
{
    return run({{"out_of_an_objective", out_of_an_objective},
                {"that_is_no_std_exception", that_is_no_std_exception},
                {"an_error_of_the_library_in_an_objective", an_error_of_the_library_in_an_objective},
                {"what_is_of_the_trial_alone", what_is_of_the_trial_alone},
                {"cancelled", cancelled},
                {"out_of_several_workers", out_of_several_workers},
                {"out_of_a_filter", out_of_a_filter},
                {"out_of_the_filter_of_a_space", out_of_the_filter_of_a_space},
                {"out_of_a_filter_that_a_trial_asks", out_of_a_filter_that_a_trial_asks},
                {"out_of_an_observer", out_of_an_observer},
                {"out_of_an_observer_of_a_tell", out_of_an_observer_of_a_tell},
                {"out_of_a_message_function", out_of_a_message_function},
                {"out_of_an_experiment", out_of_an_experiment},
                {"out_of_simulations_dry_runs_and_comparisons", out_of_simulations_dry_runs_and_comparisons},
                {"values_that_do_not_fit", values_that_do_not_fit},
                {"callbacks_are_let_go", callbacks_are_let_go}});
}
