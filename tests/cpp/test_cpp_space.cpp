/* Spaces and points of afina.hpp: what was put in comes out, copies are independent, errors are exceptions. */
#include "afina.hpp"
#include "cpp/harness.hpp"

static afina::space mixed()
{
    afina::space space;
    space.add_real("rate", 1e-5, 1e-1, afina::scale::log)
        .add_integer("depth", 1, 12)
        .add_categorical("kind", {"linear", "tree"})
        .add_ordinal("size", {"small", "large"})
        .add_condition_in("depth", "kind", {"tree"})
        .set_default("rate", 1e-3)
        .set_default("depth", 3)
        .set_default("kind", "tree")
        .set_weights("kind", {1, 3});
    return space;
}

static void what_is_put_in_comes_out()
{
    const afina::space space = mixed();
    require(space.parameters() == std::vector<std::string>{"rate", "depth", "kind", "size"}, "names in their order");
    require(space.kind("size") == afina::kind::ordinal, "kind");
    require(space.choices("kind") == std::vector<std::string>{"linear", "tree"}, "choices");
    require(space.real_bounds("rate") == std::pair<double, double>(1e-5, 1e-1), "bounds of a real");
    require(space.integer_bounds("depth") == std::pair<std::int64_t, std::int64_t>(1, 12), "bounds of an integer");
    require(space.scale("rate") == afina::scale::log, "scale");
    require(space.step("depth") == 1, "step");
    require(space.prior("rate").prior == afina::prior::uniform, "prior");
    require(space.weights("kind") == std::vector<double>{0.25, 0.75}, "weights");
    require(space.default_value("rate") == afina::value(1e-3), "default of a real");
    require(space.default_value("depth") == afina::value(std::int64_t{3}), "default of an integer");
    require(space.default_value("kind") == afina::value(std::string("tree")), "default of a choice");
    const std::vector<afina::space::condition> conditions = space.conditions("depth");
    require(conditions.size() == 1 && conditions[0].parent == "kind" &&
                conditions[0].comparison == afina::comparison::in &&
                conditions[0].values == std::vector<std::string>{"tree"},
            "condition");
    require(afina::space(space.json()).json() == space.json(), "the same JSON again");
}

static void priors_steps_and_comparisons()
{
    afina::space space;
    space.add_normal("shift", 1.5, 0.5)
        .add_lognormal("rate", -3, 1, 0, 10)
        .add_real("share", 0, 1)
        .add_integer("layers", 1, 4)
        .add_real("second", 0, 1)
        .set_step("share", 0.25)
        .set_prior("second", afina::prior::normal, 0.5, 0.125)
        .add_condition("second", "layers", afina::comparison::greater_equal, 2);
    require(space.prior("shift").prior == afina::prior::normal && space.prior("shift").mean == 1.5 &&
                space.prior("shift").sd == 0.5 && std::isinf(space.real_bounds("shift").second),
            "a normal prior without bounds");
    require(space.prior("rate").prior == afina::prior::lognormal && space.real_bounds("rate").second == 10,
            "a lognormal one with bounds");
    require(space.step("share") == 0.25 && space.prior("second").sd == 0.125, "a step, and a prior set later");
    const afina::space::condition condition = space.conditions("second").at(0);
    require(condition.parent == "layers" && condition.comparison == afina::comparison::greater_equal &&
                condition.number == 2 && condition.values.empty(),
            "a comparison");
    throws<afina::error>([&] { space.add_normal("x", 0, -1); }, "sd");
    throws<afina::error>([&] { space.add_lognormal("x", 0, 1, -1); }, "x");
    throws<afina::error>([&] { space.set_step("share", -1); }, "share");
    throws<afina::error>([&] { space.set_prior("third", afina::prior::uniform); }, "third");
    throws<afina::error>([&] { space.add_condition("layers", "second", afina::comparison::less, 1); }, "layers");
}

static void copies_are_independent()
{
    afina::space space = mixed();
    afina::space copy = space;
    copy.add_real("more", 0, 1);
    require(space.parameters().size() == 4 && copy.parameters().size() == 5, "the copy has one more");
    space = copy;
    require(space.parameters().size() == 5, "assigned");
    afina::space moved = std::move(copy);
    require(moved.parameters().size() == 5, "moved");
}

static void finite_spaces_are_counted()
{
    afina::space space;
    space.add_integer("a", 1, 3).add_categorical("b", {"x", "y"});
    require(space.point_count() == 6, "six points");
    for (std::uint64_t rank = 0; rank < 6; rank++)
        require(space.rank(space.unrank(rank)) == rank, "rank " + std::to_string(rank));
}

static void values_have_their_types()
{
    const afina::space space = mixed();
    afina::point point(space);
    require(point["rate"] == afina::value(1e-3), "a real");
    require(point["depth"] == afina::value(std::int64_t{3}), "an integer");
    require(point["kind"] == afina::value(std::string("tree")), "a choice");
    require(point.get<int>("depth") == 3 && point.get<double>("depth") == 3.0, "an integer as int and as double");
    require(point.get<float>("rate") == 1e-3F, "a real as float");
    require(point.get<std::string>("size") == "small", "text");
    point.set("rate", 0.01).set("depth", 7).set("size", std::string("large"));
    point.set("rate", afina::value(0.02));
    require(point.text("depth") == "7" && point.get<double>("rate") == 0.02, "set");
    point.set("kind", "linear");
    require(!point.is_active("depth"), "a condition makes it inactive");
    throws<afina::error>([&] { point["depth"]; }, "not active");
    require(afina::point(space, point.json()).json() == point.json(), "the same JSON again");
}

static void points_are_copied_and_moved()
{
    const afina::space space = mixed();
    afina::point point(space);
    afina::point copy = point;
    copy.set("rate", 0.05);
    require(point.get<double>("rate") == 1e-3, "the first is as it was");
    afina::point moved = std::move(copy);
    require(moved.get<double>("rate") == 0.05 && moved.handle() != nullptr, "moved");
    point = moved;
    require(point.get<double>("rate") == 0.05, "assigned");
    const afina::point_view view = point;
    require(view["rate"] == afina::value(0.05), "a view of a point");
}

static void errors_are_exceptions()
{
    afina::space space;
    try {
        space.add_real("rate", 2, 1);
        require(false, "thrown");
    } catch (const afina::error &error) {
        require(error.status() == AFINA_E_RANGE && std::string(error.name()) == "AFINA_E_RANGE", "the status");
        require(std::string(error.what()).find("rate") != std::string::npos, "the text names the parameter");
    }
    throws<afina::error>([] { afina::space broken("{"); }, "");
    space.add_integer("big", 0, 1000);
    afina::point point(space);
    point.set("big", 1000);
    throws<afina::error>([&] { point.get<signed char>("big"); }, "cannot hold");
    require(point.get<unsigned short>("big") == 1000, "unsigned short holds it");
    point.set("big", 0);
    require(point.get<unsigned>("big") == 0, "and unsigned zero");
}

static void a_filter_is_asked_and_may_throw()
{
    afina::space space;
    space.add_real("x", 0, 1);
    auto least = std::make_shared<double>(0.5);
    space.set_filter([least](afina::point_view point) { return point.get<double>("x") >= *least; });
    require(space.has_filter() && least.use_count() == 2, "the filter is kept");
    for (std::uint64_t i = 0; i < 20; i++)
        require(space.sample(1, i).get<double>("x") >= 0.5, "only what it allows");
    space.set_filter([](afina::point_view) -> bool { throw std::out_of_range("no such row"); });
    require(least.use_count() == 1, "the one before is gone");
    throws<std::out_of_range>([&] { space.sample(1, 0); }, "no such row");
    const afina::space copy = space;
    throws<std::out_of_range>([&] { copy.sample(1, 0); }, "no such row");
    space.clear_filter();
    require(!space.has_filter() && space.sample(1, 0).get<double>("x") >= 0, "no filter");
}

int main()
{
    return run({{"what_is_put_in_comes_out", what_is_put_in_comes_out},
                {"priors_steps_and_comparisons", priors_steps_and_comparisons},
                {"copies_are_independent", copies_are_independent},
                {"finite_spaces_are_counted", finite_spaces_are_counted},
                {"values_have_their_types", values_have_their_types},
                {"points_are_copied_and_moved", points_are_copied_and_moved},
                {"errors_are_exceptions", errors_are_exceptions},
                {"a_filter_is_asked_and_may_throw", a_filter_is_asked_and_may_throw}});
}
