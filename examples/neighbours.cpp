/* A model of the host's own, tuned from C++: k nearest neighbours on spoken vowels, judged by stratified
 * cross-validation with ten folds. A configuration that is surely worse than the best gets no further fold. The winner
 * is then told without the luck that made it the winner, and compared with the default.
 *
 *     neighbours [FILE]
 */
#include <afina.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

namespace
{

constexpr std::size_t columns = 24, speakers = 15; /* the first columns say who speaks, the others what was heard */
constexpr std::int64_t folds = 10;

struct rows {
    std::vector<std::vector<double>> features;
    std::vector<std::int64_t> classes;
};

rows read(const std::string &path)
{
    std::ifstream file(path);
    std::string line, cell;
    rows data;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        std::vector<double> row;
        while (std::getline(cells, cell, ','))
            row.push_back(std::stod(cell));
        if (row.size() != columns + 1)
            throw std::runtime_error(path + ": a row of " + std::to_string(row.size()) + " columns");
        data.classes.push_back(static_cast<std::int64_t>(row.back()));
        row.pop_back();
        data.features.push_back(std::move(row));
    }
    if (data.features.empty())
        throw std::runtime_error(path + ": no rows");
    return data;
}

struct classifier {
    const rows &data;
    std::size_t k;
    double power, speaker;
    bool by_distance;

    double distance(std::size_t a, std::size_t b) const
    {
        double sum = 0;
        for (std::size_t c = 0; c < columns; c++)
            sum += (c < speakers ? speaker : 1) * std::pow(std::fabs(data.features[a][c] - data.features[b][c]), power);
        return std::pow(sum, 1 / power);
    }

    std::int64_t classify(std::size_t row, afina::span<const std::int64_t> training) const
    {
        std::vector<std::pair<double, std::int64_t>> near;
        for (const std::int64_t other : training)
            near.emplace_back(distance(row, static_cast<std::size_t>(other)), other);
        const std::size_t n = std::min(k, near.size());
        std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(n), near.end());
        std::map<std::int64_t, double> votes;
        for (std::size_t i = 0; i < n; i++)
            votes[data.classes[static_cast<std::size_t>(near[i].second)]] +=
                by_distance ? 1 / (near[i].first + 1e-6) : 1;
        return std::max_element(votes.begin(), votes.end(),
                                [](const auto &a, const auto &b) { return a.second < b.second; })
            ->first;
    }
};

/* The share of the validation rows that is classified wrongly. */
double wrong(const rows &data, afina::point_view point, afina::span<const std::int64_t> training,
             afina::span<const std::int64_t> validation)
{
    const classifier model{data, point.get<std::size_t>("k"), point.get<double>("power"), point.get<double>("speaker"),
                           point.get<std::string>("vote") == "by distance"};
    double errors = 0;
    for (const std::int64_t row : validation)
        errors +=
            model.classify(static_cast<std::size_t>(row), training) != data.classes[static_cast<std::size_t>(row)];
    return errors / static_cast<double>(validation.size());
}

afina::space search_space()
{
    afina::space space;
    space.add_integer("k", 1, 50, afina::scale::log)
        .add_real("power", 0.5, 4)
        .add_real("speaker", 1e-2, 1e2, afina::scale::log)
        .add_categorical("vote", {"equal", "by distance"})
        .set_default("k", 5)
        .set_default("power", 2.0)
        .set_default("speaker", 1.0);
    return space;
}

void tell_result(afina::optimizer &optimizer)
{
    const afina::final_answer final(optimizer, 0.95, 1.0 / (static_cast<double>(folds) - 1));
    const afina::final_answer::winner_of winner = final.winner();
    std::cout << optimizer.size() << " trainings, " << optimizer.best().point().json() << '\n'
              << "wrong: " << 100 * winner.shrunk << " %, between " << 100 * std::max(0.0, winner.low) << " and "
              << 100 * winner.high << '\n';
    if (const auto gain = final.versus_default())
        std::cout << "less than with the default by " << -100 * gain->difference << ", between " << -100 * gain->high
                  << " and " << -100 * gain->low << ": "
                  << (gain->verdict == afina::verdict::yes ? "better" : "undecided") << '\n';
}

} // namespace

int main(int count, char **arguments)
{
    try {
        const rows data = read(count > 1 ? arguments[1] : "examples/data/vowel.csv");
        afina::resampling division("kfold", data.classes.size());
        division.set("folds", folds).set_classes(data.classes);
        const afina::experiment experiment(division, [&data](afina::trial_view trial, auto training, auto validation) {
            return wrong(data, trial.point(), training, validation);
        });
        afina::optimizer optimizer(search_space(), "gp");
        optimizer.set("replicates", folds).set("scheduler", "race");
        optimizer.optimize(experiment, 80);
        tell_result(optimizer);
        return 0;
    } catch (const std::exception &exception) {
        std::cerr << exception.what() << '\n';
        return 1;
    }
}
