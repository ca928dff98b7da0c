/* Statistics on arrays of afina.hpp: each is the function of afina.h that it stands for, tables are rows however they
 * are given, and arrays that do not fit each other are refused before the library reads them. */
#include "afina.hpp"
#include "cpp/harness.hpp"

#include <algorithm>
#include <array>

using afina::direction;

/* Six blocks of three methods: the second is best in all but one, the third is worst. */
static const std::vector<std::vector<double>> results = {{0.30, 0.21, 0.52}, {0.25, 0.20, 0.41}, {0.33, 0.19, 0.60},
                                                         {0.18, 0.22, 0.47}, {0.29, 0.23, 0.55}, {0.31, 0.17, 0.49}};

static bool near(double a, double b)
{
    return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(b));
}

static void tables_are_rows()
{
    const std::vector<double> flat = {1, 2, 3, 4, 5, 6};
    const afina::table view(flat, 2), braces = {{1, 2}, {3, 4}, {5, 6}},
                                      arrays(std::vector<std::array<int, 2>>{{1, 2}, {3, 4}, {5, 6}});
    require(view.data() == flat.data(), "a view copies nothing");
    for (const afina::table *table : {&view, &braces, &arrays})
        require(table->rows() == 3 && table->columns() == 2 &&
                    std::vector<double>(table->data(), table->data() + 6) == flat,
                "three rows of two");
    const afina::table copy = braces;
    require(copy.data() != braces.data() && copy.data()[5] == 6, "a copy has its own elements");
    throws<afina::error>([&] { afina::table(flat, 4); }, "6 elements are no rows of 4");
    throws<afina::error>([&] { afina::table(flat, 0); }, "no rows of 0");
    throws<afina::error>([] { afina::table({{1, 2}, {3}}); }, "row 1 has 1 elements, row 0 has 2");
    throws<afina::error>([] { afina::table({{}, {3}}); }, "row 1 has 1 elements, row 0 has 0");
}

static void replicates_become_one_number()
{
    const std::vector<double> values = {1, 2, 3, 6};
    const afina::estimate mean = afina::aggregate(values, direction::minimise);
    require(mean.value == 3 && near(mean.error, std::sqrt(14.0 / 3 / 4)), "the mean and its standard error");
    const afina::estimate corrected = afina::aggregate(values, direction::minimise, "mean", NAN, 0.25);
    require(near(corrected.error, mean.error * std::sqrt(2.0)), "the error of replicates that share rows");
    require(afina::aggregate(values, direction::minimise, "worst").value == 6, "the worst when less is better");
    require(afina::aggregate(values, direction::maximise, "worst").value == 1, "and when more is");
    require(afina::aggregate(values, direction::minimise, "trimmed", 0.25).value == 2.5, "a parameter");
    throws<afina::error>([&] { afina::aggregate(values, direction::minimise, "mode"); }, "mode");
    throws<afina::error>([&] { afina::aggregate({}, direction::minimise); }, "");
    require(near(afina::resampling_632(0.1, 0.3), 0.368 * 0.1 + 0.632 * 0.3), "the .632 estimate");
    require(afina::resampling_632(0.1, 0.3, 0.5) > afina::resampling_632(0.1, 0.3), "the .632+ estimate");
    throws<afina::error>([] { afina::resampling_632(NAN, 0.3); }, "");
}

static void arms_and_folds()
{
    const afina::additive_effects fit = afina::additive_fit({{1.1, 2.1, NAN}, {2.0, 3.0, 4.0}});
    require(near(fit.effects[1] - fit.effects[0], 0.9) && near(fit.fold_effects[2] - fit.fold_effects[1], 1),
            "effects of arms and of folds");
    require(near(fit.effects[1], 3) && std::abs(fit.variance) < 1e-12 && fit.freedom == 1, "without an error");
    require(fit.errors.size() == 2, "an error for each arm");
    throws<afina::error>([] { afina::additive_fit({{NAN, NAN}}); }, "");

    std::vector<std::vector<double>> folds(4, std::vector<double>(6));
    for (std::size_t arm = 0; arm < 4; arm++)
        for (std::size_t fold = 0; fold < 6; fold++)
            folds[arm][fold] = static_cast<double>(arm == 3) + 0.01 * static_cast<double>((3 * arm + 5 * fold) % 7);
    require(afina::fold_race(folds, direction::minimise, 0) == std::vector<bool>{false, false, false, true},
            "the one that is a whole unit worse is dropped");
    require(afina::fold_race(folds, direction::maximise, 3) == std::vector<bool>{true, true, true, false},
            "the others, when more is better");
    require(afina::fold_race(folds, direction::minimise, 0, 1e6) == std::vector<bool>(4, false), "by a threshold");
    throws<afina::error>([&] { afina::fold_race(folds, direction::minimise, 4); }, "4");
}

static void the_winner_and_its_rivals()
{
    const std::vector<double> values = {0.50, 0.20, 0.21, 0.90}, errors = {0.02, 0.02, 0.02, 0.02};
    const afina::winner_without_luck best = afina::winner(values, errors, direction::minimise, 0.9);
    require(best.winner == 1 && best.shrunk > 0.20 && best.low < best.shrunk && best.shrunk < best.high, "the winner");
    require(afina::winner(values, errors, direction::maximise).winner == 3, "the other way");
    require(afina::winner_rivals(values, errors, direction::minimise) == std::vector<bool>{false, true, true, false},
            "its rival");
    require(afina::winner_simplest(values, errors, {1, 9, 2, 1}, direction::minimise) == 2, "the cheaper one");
    require(afina::winner_simplest(values, errors, {1, 9, 2, 1}, direction::minimise, 20) == 0, "within 20 errors");
    const afina::winner_on_rows rows = afina::winner_rows(results, direction::minimise, 500, 3, 0.9);
    require(near(rows.naive, (0.25 + 0.20 + 0.41) / 3) && rows.low <= rows.estimate && rows.estimate <= rows.high &&
                rows.estimate >= rows.naive,
            "what the choice is worth");
    require(afina::winner_rows(results, direction::minimise, 500, 3).estimate == rows.estimate, "the same seed");

    const std::vector<double> three = {1, 2, 3};
    throws<afina::error>([&] { afina::winner(values, three, direction::minimise); },
                         "values has 4 elements, errors has 3");
    throws<afina::error>([&] { afina::winner_rivals(values, three, direction::minimise); }, "errors has 3");
    throws<afina::error>([&] { afina::winner_simplest(values, errors, three, direction::minimise); }, "costs has 3");
    throws<afina::error>([&] { afina::winner(values, errors, direction::minimise, 1); }, "confidence");
    throws<afina::error>([] { afina::winner_rows({{1, 2}}, direction::minimise, 0, 1); }, "draws");
}

static void intervals()
{
    const std::vector<double> losses = {0.20, 0.24, 0.22, 0.26};
    const afina::interval wide = afina::interval_resampled(losses, 1.0 / 3, 0.95),
                          narrow = afina::interval_resampled(losses, 1.0 / 3, 0.5);
    require(near(wide.value, 0.23) && wide.low < narrow.low && narrow.high < wide.high, "of replicates");
    const afina::interval halves = afina::interval_halves(0.2, losses, {0.21, 0.23, 0.25, 0.22});
    require(halves.value == 0.2 && near(0.2 - halves.low, halves.high - 0.2) && halves.low < halves.high, "of halves");
    const std::vector<double> inner = {0.21, 0.22, 0.23, 0.20, 0.24, 0.21},
                              outer = {0.22, 0.20, 0.25, 0.23, 0.21, 0.24},
                              variances = {1e-4, 2e-4, 1e-4, 2e-4, 1e-4, 2e-4};
    const afina::interval nested = afina::interval_nested(inner, outer, variances, 3, 0.22, 0.01);
    require(nested.low < nested.value && nested.value < nested.high, "of nested cross-validation");
    throws<afina::error>([&] { afina::interval_resampled({0.2}, 0, 0.95); }, "2");
    throws<afina::error>([&] { afina::interval_halves(0.2, losses, {1, 2}); }, "first has 4 elements, second has 2");
    throws<afina::error>([&] { afina::interval_nested(inner, losses, variances, 3, 0, 0); }, "outer has 4");
    throws<afina::error>([&] { afina::interval_nested(inner, outer, losses, 3, 0, 0); }, "variances has 4");
    throws<afina::error>([&] { afina::interval_nested(inner, outer, variances, 2, 0.22, 0.01); }, "fold_count");
}

static void methods_are_compared()
{
    const std::vector<double> ranks = afina::compare_ranks(results, direction::minimise);
    require(near(ranks[0], 11.0 / 6) && near(ranks[1], 7.0 / 6) && ranks[2] == 3, "mean ranks");
    require(afina::compare_ranks({{1, 2}, {3, 4}}, direction::maximise) == std::vector<double>{2, 1}, "from braces");
    const afina::friedman test = afina::compare_friedman(results, direction::minimise);
    require(near(test.chi_square, 31.0 / 3) && test.p < 0.01 && test.f > test.chi_square && test.f_p < test.p,
            "Friedman's test");
    const std::vector<std::vector<double>> p =
        afina::compare_pairs(results, direction::minimise, afina::posthoc::wilcoxon);
    require(p.size() == 3 && p[1][1] == 1 && p[0][2] == p[2][0] && near(p[0][2], 3 * std::pow(2.0, -5)),
            "pairs, as surprising as six blocks can be");
    const double z = (ranks[0] - ranks[1]) / std::sqrt(3.0 * 4 / (6 * 6));
    require(near(afina::compare_pairs(results, direction::minimise, afina::posthoc::ranks)[0][1],
                 std::erfc(z / std::sqrt(2.0))),
            "the least of three by the difference of ranks");
    require(afina::compare_pairs(results, direction::minimise, afina::posthoc::nemenyi)[0][1] > 0.4, "by Nemenyi");
    require(near(afina::compare_critical_difference(24, 3, 0.05), afina::compare_critical_difference(6, 3, 0.05) / 2),
            "the critical difference");
    const std::string picture = afina::compare_picture(results, direction::minimise, afina::posthoc::nemenyi, 0.05,
                                                       {"first", "second", "third"});
    require(picture.find("<svg") != std::string::npos && picture.find("second") != std::string::npos, "the picture");
    throws<afina::error>([] { afina::compare_ranks({{1}, {2}}, direction::minimise); }, "method_count");
    throws<afina::error>([] { afina::compare_friedman({{1, 2}}, direction::minimise); }, "block_count");
    throws<afina::error>([] { afina::compare_critical_difference(6, 3, 2); }, "level");
    throws<afina::error>([] { afina::compare_pairs(results, direction::minimise, static_cast<afina::posthoc>(7)); },
                         "posthoc");
    throws<afina::error>(
        [] {
            afina::compare_picture(results, direction::minimise, afina::posthoc::ranks, 0.05, {"one", "two"});
        },
        "names has 2");
}

static void two_configurations_are_compared()
{
    const std::vector<double> first = {0.20, 0.22, 0.21, 0.19}, second = {0.30, 0.31, 0.33, 0.28};
    const afina::paired_comparison less = afina::compare_paired(first, second, direction::minimise, 1.0 / 3);
    require(near(less.difference, -0.1) && less.low < -0.1 && less.high < 0 && less.p < 0.05, "the difference");
    require(less.verdict == afina::verdict::yes, "the first is better");
    require(afina::compare_paired(first, second, direction::maximise, 0).verdict == afina::verdict::no, "or not");
    require(afina::compare_paired(first, first, direction::minimise, 0).verdict == afina::verdict::undecided,
            "of two that are alike nothing is said");
    throws<afina::error>([&] { afina::compare_paired(first, {1, 2}, direction::minimise, 0); }, "second has 2");
    throws<afina::error>([&] { afina::compare_paired(first, second, direction::minimise, -1); }, "ratio");
}

static void names_and_summaries()
{
    const auto has = [](const std::vector<std::string> &names, const std::string &name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    require(has(afina::aggregates(), "trimmed") && has(afina::resampling_schemes(), "kfold"), "names");
    require(has(afina::traits(), "model") && afina::method_trait("gp", "model") &&
                !afina::method_trait("random", "model"),
            "traits");
    throws<afina::error>([] { afina::method_trait("gp", "wings"); }, "wings");
    using summary = std::optional<std::string> (*)(const std::string &);
    const std::vector<std::pair<summary, const char *>> all = {
        {afina::method_summary, "gp"},         {afina::scheduler_summary, "asha"},
        {afina::stopper_summary, "median"},    {afina::aggregate_summary, "mean"},
        {afina::trait_summary, "constraints"}, {afina::resampling_scheme_summary, "bootstrap"}};
    for (const auto &[question, name] : all) {
        const std::optional<std::string> answer = question(name);
        require(answer && answer->size() > 3, std::string("a summary of ") + name);
        require(!question("nothing of that name"), "none of what there is not");
    }
    require(afina::version_number() == afina_version_number() && afina::abi_version() == afina_abi_version(),
            "versions as numbers");
}

int main()
{
    return run({{"tables_are_rows", tables_are_rows},
                {"replicates_become_one_number", replicates_become_one_number},
                {"arms_and_folds", arms_and_folds},
                {"the_winner_and_its_rivals", the_winner_and_its_rivals},
                {"intervals", intervals},
                {"methods_are_compared", methods_are_compared},
                {"two_configurations_are_compared", two_configurations_are_compared},
                {"names_and_summaries", names_and_summaries}});
}
