/* Studies of afina.hpp: ask and tell, ranges and columns, options, logs, questions to the model, the final answer. */
#include "afina.hpp"
#include "cpp/harness.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>
#if __cplusplus >= 202002L
#include <ranges>
#include <span>
#endif

static afina::space plane()
{
    afina::space space;
    space.add_real("x", 0, 1).add_real("y", 0, 1).add_categorical("kind", {"a", "b"}).add_integer("n", 1, 5);
    return space;
}

static double bowl(afina::point_view point)
{
    const double x = point.get<double>("x") - 0.3, y = point.get<double>("y") - 0.7;
    return x * x + 0.1 * y * y + (point["kind"] == afina::value(std::string("b")) ? 0.05 : 0);
}

static double objective(afina::trial_view trial)
{
    return bowl(trial.point());
}

static void ask_and_tell()
{
    afina::optimizer optimizer(plane(), "sobol");
    optimizer.set("seed", 7).set("direction", "maximise").set("stopper", std::string("median"));
    require(optimizer.get_integer("seed") == 7 && optimizer.get_string("direction") == "maximise", "options");
    for (int i = 0; i < 4; i++) {
        std::optional<afina::trial> trial = optimizer.ask();
        require(trial && trial->number() == i && trial->state() == afina::state::running, "a running trial");
        require(optimizer.running() == std::vector<std::int64_t>{i}, "it runs");
        trial->tell_report(1, 0.5);
        require(!trial->should_stop(), "it goes on");
        trial->tell_attribute("host", "here");
        trial->tell_checkpoint("file");
        trial->tell_errors({0.25});
        trial->tell(i);
        require(trial->value() == i && trial->reports().size() == 1 && trial->reports()[0].values[0] == 0.5, "told");
        require(trial->attribute("host") == "here" && !trial->attribute("other"), "attributes");
        require(trial->attribute_keys() == std::vector<std::string>{"host"} && trial->checkpoint() == "file", "texts");
        require(trial->errors() == std::vector<double>{0.25} && trial->constraints().empty(), "errors");
        require(trial->times().first && trial->times().second >= trial->times().first, "times");
    }
    require(optimizer.best().number() == 3, "the largest is best");
    afina::trial late = *optimizer.ask();
    optimizer.tell(late.number(), 9);
    require(late.state() == afina::state::complete, "told by number");
    throws<afina::error>([&] { late.tell(1); }, "4");
    late = *optimizer.ask();
    late.tell_failed("crashed");
    require(late.reason() == "crashed" && late.state() == afina::state::failed, "failed");
    throws<afina::error>([&] { late.value(); }, "");
    require(optimizer.cost().spent == 6 && optimizer.cost().promised == 0, "cost");
}

static void trials_by_their_numbers()
{
    using afina::state;
    afina::optimizer optimizer(plane(), "random");
    optimizer.set("objectives", 2).set("direction", "minimise").set("times", 0);
    for (int i = 0; i < 7; i++)
        optimizer.ask();
    optimizer.tell(0, {0.5, 0.25});
    optimizer.tell_failed(1, "crashed");
    optimizer.tell_infeasible(2, "too large");
    optimizer.tell_lost(3, "no worker");
    optimizer.tell_report(4, 1, {2, 3});
    require(!optimizer.should_stop(4), "it goes on");
    optimizer.tell_stopped(4);
    optimizer.tell_constraints(5, {-1});
    optimizer.tell_errors(5, {0.1, 0.2});
    optimizer.tell_checkpoint(5, "file");
    optimizer.tell_attribute(5, "host", "here");
    optimizer.tell_unused(5, {"x", "n"});
    require(optimizer.states() == std::vector<state>{state::complete, state::failed, state::infeasible, state::lost,
                                                     state::stopped, state::running, state::running},
            "states");
    require(optimizer[1].reason() == "crashed" && optimizer[2].reason() == "too large" &&
                optimizer[3].reason() == "no worker",
            "reasons");
    require(optimizer[4].values() == std::vector<double>{2, 3} &&
                optimizer[5].constraints() == std::vector<double>{-1} &&
                optimizer[5].errors() == std::vector<double>{0.1, 0.2},
            "numbers");
    require(optimizer[5].checkpoint() == "file" && optimizer[5].attribute("host") == "here", "texts");
    require(optimizer[5].is_unused("x") && !optimizer[5].is_unused("y"), "unused parameters");
    throws<afina::error>([&] { optimizer.tell_failed(0); }, "0");
    throws<afina::error>([&] { optimizer.tell_stopped(9); }, "9");
    throws<afina::error>([&] { optimizer.tell_report(6, 1, 0.5); }, "2");
    throws<afina::error>([&] { optimizer.tell_restarted(6); }, "6");
    throws<afina::error>([&] { optimizer.should_stop(9); }, "9");
}

static void options_of_every_type()
{
    afina::optimizer optimizer(plane(), "mix");
    optimizer.set("methods", "random,sobol").set("mix.weights", std::vector<double>{1, 3}).set("target", 0.125);
    require(optimizer.get_reals("mix.weights") == std::vector<double>{1, 3}, "a list");
    require(optimizer.get_real("target") == 0.125 && optimizer.get_string("methods") == "random,sobol", "others");
    throws<afina::error>([&] { optimizer.set("mix.weights", std::vector<double>{-1}); }, "weights");
    throws<afina::error>([&] { optimizer.get_real("methods"); }, "methods");
}

static void trials_that_have_no_result()
{
    afina::optimizer optimizer(plane(), "random");
    afina::trial trial = *optimizer.ask();
    trial.tell_infeasible("too large");
    require(trial.state() == afina::state::infeasible && trial.reason() == "too large", "infeasible");
    trial = *optimizer.ask();
    trial.tell_lost("no worker");
    require(trial.state() == afina::state::lost && trial.reason() == "no worker", "lost");
    trial = *optimizer.ask();
    trial.tell_report(1, 0.5);
    trial.tell_stopped();
    require(trial.state() == afina::state::stopped && trial.value() == 0.5, "stopped");
    throws<afina::error>([&] { trial.tell_restarted(); }, "2");
    require(optimizer.ask()->replicate() == 0, "without replicates");
}

static void a_cancelled_run()
{
    afina::optimizer optimizer(plane(), "random");
    const auto cancels = [&](afina::trial_view trial) {
        if (trial.number() == 2)
            optimizer.cancel();
        return bowl(trial.point());
    };
    require(optimizer.optimize(cancels, 10) == afina::news::cancelled && optimizer.size() == 3, "after that trial");
    require(optimizer.optimize(objective, 1) == afina::news::none, "the next run goes on");
}

/* Every trial leaves a checkpoint; the first that continues another finds it, the second does not. */
static void work_that_goes_on_or_starts_again()
{
    afina::optimizer optimizer(plane(), "random");
    optimizer.set("budget_min", 1.0).set("budget_max", 9.0).set("scheduler", "asha").set("seed", 3);
    std::vector<std::int64_t> continued;
    for (int i = 0; i < 99 && continued.size() < 3; i++) {
        afina::trial trial = *optimizer.ask();
        if (trial.start() > 0) {
            continued.push_back(trial.number());
            if (continued.size() == 2)
                trial.tell_restarted();
            else if (continued.size() == 3)
                optimizer.tell_restarted(trial.number());
        }
        trial.tell_checkpoint(std::to_string(trial.number()));
        trial.tell_report(trial.budget(), bowl(trial.point()));
        trial.tell(bowl(trial.point()));
    }
    require(continued.size() == 3 && optimizer[continued[0]].start() > 0, "the first goes on");
    for (const std::size_t i : {std::size_t{1}, std::size_t{2}})
        require(optimizer[continued[i]].start() == 0 && optimizer[continued[i]].parent() >= 0, "others start again");
    const std::vector<std::int64_t> stale = optimizer.stale_checkpoints();
    const std::int64_t parent = optimizer[continued[0]].parent();
    require(std::find(stale.begin(), stale.end(), parent) != stale.end(), "what was continued may go");
}

static void news_say_why_there_is_none()
{
    afina::space space;
    space.add_integer("n", 1, 2);
    afina::optimizer optimizer(space, "grid");
    afina::news why{};
    while (std::optional<afina::trial> trial = optimizer.ask(why))
        trial->tell(1.0);
    require(why == afina::news::exhausted && optimizer.size() == 2, "exhausted");
    afina::optimizer lagged(space, "grid");
    lagged.set("lag", 1);
    const std::optional<afina::trial> first = lagged.ask(why);
    require(first && !lagged.ask_wait(why, std::chrono::milliseconds(1)) && why == afina::news::wait, "wait");
}

static void trials_in_a_loop()
{
    afina::optimizer optimizer(plane(), "random");
    require(optimizer.begin() == optimizer.end(), "none yet");
    optimizer.optimize(objective, 10);
    std::int64_t number = 0;
    for (const afina::trial &trial : optimizer) {
        require(trial.number() == number++, "in their order");
        require(trial.value() == bowl(trial.point()), "with its point");
        require(trial.seed() != trial.data_seed() && trial.arm() == trial.number() && trial.parent() == -1,
                "its record");
    }
    require(number == 10, "all of them");
#if __cplusplus >= 202002L
    static_assert(std::input_iterator<afina::optimizer::iterator>);
    static_assert(std::ranges::input_range<const afina::optimizer &>);
    require(std::ranges::count_if(optimizer, [](const afina::trial &t) { return t["kind"] == afina::value("a"); }) <=
                10,
            "as a range");
#endif
}

static void columns()
{
    afina::optimizer optimizer(plane(), "random");
    optimizer.optimize(objective, 20);
    const std::vector<double> values = optimizer.values(), x = optimizer.reals("x");
    const std::vector<std::int64_t> n = optimizer.integers("n");
    const std::vector<std::int32_t> kinds = optimizer.choices("kind");
    require(values.size() == 20 && x.size() == 20 && n.size() == 20 && kinds.size() == 20, "sizes");
    for (const afina::trial &trial : optimizer) {
        const auto i = static_cast<std::size_t>(trial.number());
        require(values[i] == trial.value() && x[i] == trial.get<double>("x") && n[i] == trial.get<int>("n"),
                "elements");
        require(trial["kind"] == afina::value(std::string(kinds[i] ? "b" : "a")), "choices");
    }
    require(optimizer.values(0, 15).size() == 5 && optimizer.states().size() == 20, "from a number on");
    require(optimizer.origins()[0] == afina::origin::suggested && optimizer.ended()[0] >= optimizer.started()[0],
            "others");
    require(!optimizer.attributes("key")[0], "no attribute");
    double some[3] = {0, 0, 0};
    require(optimizer.values_into(afina::span<double>(some, 3)) == 20 && some[2] == values[2], "into an array");
#if __cplusplus >= 202002L
    std::vector<double> room(20);
    require(optimizer.values_into(std::span(room)) == 20 && room == values, "into a std::span");
#endif
}

static void points_of_the_host()
{
    const afina::space space = plane();
    afina::optimizer optimizer(space, "random");
    afina::point point(space);
    point.set("x", 0.3).set("y", 0.7);
    optimizer.enqueue(point);
    require(optimizer.ask()->get<double>("x") == 0.3 && optimizer[0].origin() == afina::origin::enqueued, "enqueued");
    require(optimizer.add_trial(point, 0.5) == 1 && optimizer[1].value() == 0.5, "added");
    require(optimizer.add_trial(point, afina::state::failed) == 2, "added as failed");
    afina::trial own = optimizer.start(point);
    own.tell(std::vector<double>{0.25});
    require(optimizer.best().number() == own.number(), "started");
    own = optimizer.start(point);
    own.tell_constraints({1, -1});
    own.tell(0.0);
    require(own.constraints() == std::vector<double>{1, -1} && optimizer.best().number() == 3, "constraints");
    optimizer.set_attribute("note", "x");
    require(optimizer.attribute("note") == "x" && !optimizer.attribute("other"), "attributes of the study");
    optimizer.set_attribute("host", "y");
    require(optimizer.attribute_keys() == std::vector<std::string>{"note", "host"}, "their keys");
}

static void objectives_may_return_nothing_or_many()
{
    afina::optimizer optimizer(plane(), "random");
    optimizer.set("stopper", "threshold").set("threshold.upper", 0.5);
    const auto stopped = [](afina::trial_view trial) -> std::optional<double> {
        for (int step = 1; step <= 3; step++) {
            trial.tell_report(step, trial.number() == 1 ? 0.9 : 0.1);
            if (trial.should_stop())
                return std::nullopt;
        }
        return 0.1;
    };
    require(optimizer.optimize(stopped, 2) == afina::news::none, "run");
    require(optimizer[0].state() == afina::state::complete && optimizer[1].state() == afina::state::stopped, "stopped");
    afina::optimizer two(plane(), "random");
    two.set("objectives", 2);
    two.optimize([](afina::trial_view trial) { return std::vector<float>{1, static_cast<float>(trial.number())}; }, 3);
    require(two.values(1) == std::vector<double>{0, 1, 2} && two[2].values().size() == 2, "two objectives");
}

static void logs()
{
    afina::optimizer optimizer(plane(), "random");
    optimizer.optimize(objective, 5);
    const std::string log = optimizer.log();
    afina::optimizer again = afina::optimizer::from_log(log);
    require(again.log() == log && again.size() == 5 && again.space().json() == plane().json(), "the same study");
    require(again.method() == "random", "its method");
    again.replay();
    again.optimize(objective, 1);
    const afina::optimizer::log_piece news = again.log_read(optimizer.log_length(), 10);
    require(!news.text.empty() && news.next > optimizer.log_length(), "the new lines");
    std::int64_t next = 0;
    require(optimizer.log_append(optimizer.log_length(), news.text, &next) == afina::news::none && next == news.next,
            "taken in");
    again.log_rewind(1);
    require(again.size() == 0, "taken back");
    throws<afina::error>([] { afina::optimizer::from_log("no log"); }, "");
}

static void studies_in_stores()
{
    char folder[] = "/tmp/afina-store-XXXXXX";
    require(mkdtemp(folder) != nullptr, "a folder");
    const std::string path = std::string(folder) + "/study.db", url = "sqlite:" + path;
    {
        afina::optimizer one = afina::optimizer::open(
            url, "one", plane().set_filter([](afina::point_view point) { return point.get<double>("x") < 0.5; }),
            "random");
        one.set("trials_total", 4);
        require(one.optimize(objective, 10) == afina::news::done && one.size() == 4, "the total");
        afina::optimizer reader = afina::optimizer::open(url, "one", afina::opening::read_only);
        require(reader.log() == one.log() && reader.method() == "random", "the same study");
        one.set("trials_total", 5).optimize(objective, 1);
        require(reader.refresh() == 2 && reader.refresh(0.01) == 0 && reader.size() == 5, "what is new");
        throws<afina::error>([&] { reader.ask(); }, "opened to be read");
        for (const auto &trial : one)
            require(trial.point().get<double>("x") < 0.5, "the filter");
    }
    require(afina::store_list(url) == "[{\"name\":\"one\",\"lines\":11}]", "the list");
    afina::store_delete(url, "one");
    throws<afina::error>([&] { afina::optimizer::open(url, "one"); }, "has no study");
    for (const char *rest : {"", "-journal", "-lock"})
        std::remove((path + rest).c_str());
    require(std::remove(folder) == 0, "nothing else is there");
}

static void workers_and_threads()
{
    afina::optimizer optimizer(plane(), "random");
    optimizer.set("workers", 3);
    require(optimizer.optimize(objective, 30) == afina::news::none && optimizer.size() == 30, "three workers");
    std::thread other([&] {
        for (int i = 0; i < 20; i++)
            optimizer.ask()->tell(1.0);
    });
    for (int i = 0; i < 20; i++)
        optimizer.ask()->tell(2.0);
    other.join();
    require(optimizer.size() == 70, "two threads that ask");
}

static void a_trial_outlives_its_optimizer()
{
    std::optional<afina::trial> trial;
    {
        afina::optimizer optimizer(plane(), "random");
        trial = optimizer.ask();
        afina::optimizer moved = std::move(optimizer);
        require(moved.size() == 1, "moved");
    }
    require(trial->get<double>("x") >= 0, "it can be read");
    throws<afina::error>([&] { trial->tell(1.0); }, "");
}

static void questions_to_the_model()
{
    afina::optimizer optimizer(plane(), "gp");
    optimizer.optimize(objective, 15);
    const afina::model model = optimizer.model();
    const afina::trial best = optimizer.best();
    const afina::model::distribution there = model.predict(best.point());
    require(std::abs(there.mean - best.value()) < 0.2 && there.sd >= 0, "prediction");
    require(model.quantile(best.point(), 0.9) >= model.quantile(best.point(), 0.1), "quantiles");
    require(model.noise(best.point()) >= 0 && model.length_scale("x") > 0, "noise and length scale");
    const std::vector<double> shares = model.importances();
    require(shares.size() == 4 && model.importance("x") == shares[0] && shares[0] > shares[3], "importances");
    const std::vector<afina::point> two = {afina::point(best.point()), optimizer.space().sample(1, 1)};
    const std::vector<std::vector<double>> draws = model.draws(two, 3, 1);
    require(draws.size() == 3 && draws[2].size() == 2, "draws");
    require(model.optima(4, 1).size() == 4 && model.choice_shares("kind", 1).size() == 2, "optima");
    const std::pair<double, double> range = model.range("x", 0.5, 1);
    require(range.first <= range.second, "range");
    require(model.simplify(best.point()).is_active("x") && model.regret().bound >= 0, "simplify and regret");
    require(model.leave_one_out().means.size() == 15 && model.best().number() >= 0, "leave one out");
    afina::optimizer without(plane(), "random");
    throws<afina::error>([&] { without.model().noise(best.point()); }, "model");
}

static void the_final_answer()
{
    afina::optimizer optimizer(plane(), "random");
    optimizer.set("replicates", 3).set("default_first", 1);
    optimizer.optimize(
        [](afina::trial_view trial) { return objective(trial) + 1e-3 * static_cast<double>(trial.seed() % 100); }, 30);
    const afina::final_answer final(optimizer, 0.9);
    const afina::final_answer::winner_of winner = final.winner();
    require(winner.low <= winner.high && winner.arm == optimizer.best().arm(), "the winner");
    require(!final.rivals().empty() && final.simplest() >= 0, "rivals");
    require(final.versus_default().has_value(), "the default was tried");
    throws<afina::error>([&] { optimizer.conclusion(); }, "");
}

static void comparing_and_reflection()
{
    const std::vector<std::vector<double>> table =
        afina::compare_methods(plane(), {"random", "sobol"}, 5, 3, objective,
                               [](afina::optimizer &optimizer, std::size_t method, std::int64_t) {
                                   if (method == 0)
                                       optimizer.set("direction", "maximise");
                               });
    require(table.size() == 3 && table[0].size() == 2 && table[0][0] > table[0][1], "a row a seed");
    require(!afina::methods().empty() && !afina::schedulers().empty() && !afina::stoppers().empty(), "names");
    bool seen = false;
    for (const afina::option &option : afina::options())
        seen = seen || (option.name == "seed" && option.type == afina::option_type::integer &&
                        option.default_value == afina::value(std::int64_t{0}) && !option.summary.empty());
    require(seen && !afina::options("gp").empty(), "options");
    require(afina::version() == afina_version(), "version");
}

static void a_space_that_grows()
{
    afina::optimizer optimizer(plane(), "random");
    optimizer.optimize(objective, 3);
    optimizer.extend(afina::space().add_real("z", 0, 1));
    require(optimizer.space().parameters().size() == 5, "one parameter more");
    optimizer.optimize(
        [](afina::trial_view trial) {
            trial.extend(afina::space().add_integer("layers", 1, 3));
            return trial.get<double>("z") + trial.get<int>("layers");
        },
        3);
    require(optimizer.space().parameters().back() == "layers" && optimizer.size() == 6, "and one by a trial");
    throws<afina::error>([&] { optimizer.extend(afina::space().add_integer("x", 0, 1)); }, "x");
    const std::int64_t number = optimizer.ask()->number();
    optimizer.extend(number, afina::space().add_categorical("loss", {"l1", "l2"}));
    require(optimizer[number].point().is_active("loss"), "and one by a number");
    throws<afina::error>([&] { optimizer.extend(99, afina::space().add_real("w", 0, 1)); }, "99");
    require(optimizer.declared_space().json() == plane().json(), "the space as it was declared");
    afina::optimizer again = afina::optimizer::from_log(optimizer.log());
    again.replay();
    require(again.space().json() == optimizer.space().json() && again.declared_space().json() == plane().json(),
            "the log has all of it");
}

static void a_space_that_an_objective_declares()
{
    afina::optimizer optimizer(afina::space(), "random");
    optimizer.set("seed", 5);
    const auto declares = [](afina::trial_view trial) {
        trial.extend(afina::space().add_categorical("kind", {"linear", "tree"}));
        if (trial.get<std::string>("kind") == "linear")
            return 1.0;
        trial.extend(afina::space().add_integer("depth", 1, 9));
        return 1.0 / trial.get<int>("depth");
    };
    require(optimizer.optimize(declares, 1) == afina::news::none, "the first trial has no parameter until it asks");
    optimizer.optimize(declares, 20);
    require(optimizer.space().parameters() == std::vector<std::string>{"kind", "depth"}, "in the order of use");
    require(optimizer.declared_space().parameters().empty(), "it began empty");
}

static void parameters_that_are_not_used()
{
    afina::optimizer optimizer(plane(), "random");
    optimizer.optimize(
        [](afina::trial_view trial) {
            if (trial.number() % 2)
                trial.tell_unused({"n"});
            return bowl(trial.point());
        },
        4);
    require(!optimizer[0].is_unused("n") && optimizer[1].is_unused("n"), "as it was told");
    require(optimizer.reals("n")[1] != optimizer.reals("n")[1] && optimizer.integers("n")[1] == 0 &&
                optimizer.integers("n")[2] > 0,
            "inactive in columns");
    std::optional<afina::trial> trial = optimizer.ask();
    throws<afina::error>([&] { trial->tell_unused({"depth"}); }, "depth");
    throws<afina::error>([&] { trial->tell_unused({}); }, "");
    throws<afina::error>([&] { trial->is_unused("depth"); }, "depth");
    trial->tell_unused({"x", "y"});
    throws<afina::error>([&] { trial->tell_unused({"n"}); }, "");
}

static void divisions_of_rows()
{
    afina::resampling rows("kfold", 12);
    rows.set("folds", 3).set("repeats", 2);
    require(rows.count() == 6 && rows.rows(0).training.size() == 8 && rows.rows(0).validation.size() == 4, "rows");
    require(rows.inner(0, "holdout").count() == 1, "nested");
    std::vector<std::int64_t> labels(12, 0);
    for (std::size_t i = 6; i < 12; i++)
        labels[i] = 1;
    rows.set_classes(labels);
    require(rows.count() == 6, "classes");
    rows.set_classes({}).set_groups(labels);
    throws<afina::error>([&] { rows.count(); }, "groups");
    require(rows.set("folds", 2).rows(0).validation.size() == 6, "groups stay together");
    throws<afina::error>([] { afina::resampling("kfolds", 12); }, "kfold");
    throws<afina::error>([&] { rows.set("share", 2.0).count(); }, "");
}

int main()
{
    return run({{"ask_and_tell", ask_and_tell},
                {"trials_by_their_numbers", trials_by_their_numbers},
                {"options_of_every_type", options_of_every_type},
                {"trials_that_have_no_result", trials_that_have_no_result},
                {"a_cancelled_run", a_cancelled_run},
                {"work_that_goes_on_or_starts_again", work_that_goes_on_or_starts_again},
                {"news_say_why_there_is_none", news_say_why_there_is_none},
                {"trials_in_a_loop", trials_in_a_loop},
                {"columns", columns},
                {"points_of_the_host", points_of_the_host},
                {"objectives_may_return_nothing_or_many", objectives_may_return_nothing_or_many},
                {"logs", logs},
                {"studies_in_stores", studies_in_stores},
                {"workers_and_threads", workers_and_threads},
                {"a_trial_outlives_its_optimizer", a_trial_outlives_its_optimizer},
                {"questions_to_the_model", questions_to_the_model},
                {"the_final_answer", the_final_answer},
                {"comparing_and_reflection", comparing_and_reflection},
                {"a_space_that_grows", a_space_that_grows},
                {"a_space_that_an_objective_declares", a_space_that_an_objective_declares},
                {"parameters_that_are_not_used", parameters_that_are_not_used},
                {"divisions_of_rows", divisions_of_rows}});
}
