/* The reference network of afina_mlp.hpp: data sets from files and arrays, the network as an objective, networks that
 * predict, and trainings that are left and taken up again. */
#include "afina_mlp.hpp"
#include "cpp/harness.hpp"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <unistd.h>

using afina::task;

/* A file that is gone with its object. */
class file
{
  public:
    file(const std::string &name, const std::string &bytes)
        : path("/tmp/afina-test-cpp-" + std::to_string(getpid()) + "-" + name)
    {
        std::ofstream(path, std::ios::binary) << bytes;
    }
    file(const file &) = delete;
    file &operator=(const file &) = delete;
    ~file()
    {
        std::remove(path.c_str());
    }
    const std::string path;
};

/* How many rows there are: of two classes that a line divides. */
static const std::size_t row_count = 80;

static std::vector<std::vector<double>> features()
{
    std::vector<std::vector<double>> rows;
    for (std::size_t i = 0; i < row_count; i++)
        rows.push_back({std::sin(static_cast<double>(3 * i)), std::cos(static_cast<double>(7 * i))});
    return rows;
}

static std::vector<double> targets(bool classes)
{
    std::vector<double> out;
    for (const std::vector<double> &row : features())
        out.push_back(classes ? static_cast<double>(row[0] + row[1] > 0.1) : row[0] - 2 * row[1]);
    return out;
}

static afina::dataset halves()
{
    return afina::dataset::from_arrays(features(), targets(true), task::classification);
}

static afina::mlp small()
{
    afina::mlp mlp(halves());
    mlp.set("layers", 1).set("units", 8).set("epochs", 12);
    return mlp;
}

static afina::point steady(const afina::space &space)
{
    afina::point point(space);
    point.set("algorithm", "adam").set("learning_rate", 0.02).set("epochs", 12).set("patience", 12);
    return point;
}

static void data_from_arrays()
{
    const afina::dataset rows = halves();
    require(rows.rows() == row_count && rows.columns() == 2 && rows.classes() == 2, "a classification");
    const std::vector<double> flat = {1, 2, 3, 4, 5, 6};
    const afina::dataset values =
        afina::dataset::from_arrays({flat, 2}, std::vector<double>{1, 2, 3}, task::regression);
    require(values.rows() == 3 && values.columns() == 2 && values.classes() == 0, "a regression, from a view");
    const std::pair<afina::dataset, afina::dataset> parts = rows.split(0.25, 7);
    require(parts.first.rows() == 60 && parts.second.rows() == 20, "divided");
    throws<afina::error>([&] { afina::dataset::from_arrays({flat, 2}, flat, task::regression); }, "targets has 6");
    throws<afina::error>(
        [&] {
            afina::dataset::from_arrays({flat, 2}, std::vector<double>(3, 0.0), task::classification);
        },
        "class");
    throws<afina::error>([&] { rows.split(1, 7); }, "share");
}

static void data_from_files()
{
    const file csv("rows.csv", "kind,a,b\nred,1,2\nblue,3,4\nred,5,7\ngreen,2,2\n");
    const afina::dataset by_name = afina::dataset::from_csv(csv.path, true, "kind", task::classification);
    require(by_name.rows() == 4 && by_name.columns() == 2 && by_name.classes() == 3, "the target by its name");
    const afina::dataset last = afina::dataset::from_csv(csv.path, true, "", task::regression, {"kind"});
    require(last.columns() == 4 && last.classes() == 0, "the last column, and a column of categories");
    try {
        afina::dataset::from_csv(csv.path, true, "weight", task::regression);
        require(false, "thrown");
    } catch (const afina::error &error) {
        require(error.status() == AFINA_E_NAME && std::string(error.what()).find("weight") != std::string::npos,
                "name");
    }
    throws<afina::error>([&] { afina::dataset::from_csv(csv.path, false, "", task::regression); }, csv.path);
    throws<afina::error>([] { afina::dataset::from_csv("/no/such.csv", true, "", task::regression); }, "/no/such.csv");

    const std::string head = std::string("\0\0\x08", 3);
    const file images("images", head + std::string("\x02\0\0\0\x02\0\0\0\x03", 9) + "abcdef");
    const file labels("labels", head + std::string("\x01\0\0\0\x02\0\x01", 7));
    const afina::dataset idx = afina::dataset::from_idx(images.path, labels.path, task::classification);
    require(idx.rows() == 2 && idx.columns() == 3 && idx.classes() == 2, "IDX files");
    throws<afina::error>([&] { afina::dataset::from_idx(images.path, csv.path, task::classification); }, csv.path);
}

static void the_network_is_an_objective()
{
    afina::mlp mlp = small();
    mlp.set("metric", "accuracy").set("folds", 3);
    require(mlp.space().integer_bounds("units_1").second == 8, "its space follows the options");
    afina::optimizer optimizer(mlp.space(), "random");
    optimizer.set("workers", 2);
    require(optimizer.optimize(mlp, 6) == afina::news::none, "it is called as any objective");
    const afina::trial best = optimizer.best();
    require(best.value() >= 0 && best.value() < 0.5 && !best.reports().empty(), "the complement of the accuracy");
    require(std::stoi(best.attribute("epochs").value()) >= 1, "the epoch of its best value");
    afina::optimizer other(afina::space().add_categorical("algorithm", {"magic"}), "random");
    require(other.optimize(mlp, 1) == afina::news::all_failed, "a hyperparameter that it does not know");
    require(other[0].reason().find("magic") != std::string::npos, "fails the trial, with its name");
    throws<afina::error>([&] { mlp.set("epochs", 0); }, "epochs");
    throws<afina::error>([&] { mlp.set("metric", "beauty"); }, "beauty");
    throws<afina::error>([&] { mlp.set("metric", 3); }, "metric");
}

static void it_ends_where_it_is_told_to()
{
    const afina::mlp mlp = small();
    afina::optimizer optimizer(mlp.space(), "random");
    optimizer.set("stopper", "threshold").set("upper", -1.0);
    optimizer.optimize(mlp, 2);
    for (const afina::trial &trial : optimizer)
        require(trial.state() == afina::state::stopped && trial.reports().size() == 1, "after its first report");
    require(!mlp(*optimizer.ask()), "and has no value of its own");
}

static void networks_predict()
{
    const afina::mlp mlp = small();
    const afina::point point = steady(mlp.space());
    const afina::network network = afina::network::train_epochs(mlp, point, 12, 5);
    require(network.score(halves(), "accuracy") > 0.8, "it has learned the line");
    const std::vector<std::vector<double>> answers = network.predict(features());
    require(answers.size() == row_count && answers[0].size() == 2, "a row of probabilities for each row of features");
    std::size_t right = 0;
    for (std::size_t i = 0; i < row_count; i++)
        right += (answers[i][1] > 0.5) == (targets(true)[i] > 0.5);
    require(network.score(halves(), "accuracy") == static_cast<double>(right) / row_count,
            "as many are right as it scores");
    double first[4] = {-1, -1, -1, -1};
    require(network.predict_into({first, 4}, {{features()[0][0], features()[0][1]}, {0, 0}}) == 4 &&
                first[0] == answers[0][0],
            "into memory of the caller");
    require(network.predict_into({first, 3}, features()) == 2 * row_count, "how much room it needs");
    require(afina::network::train(mlp, point, 5).score(halves(), "error") < 0.5, "with early stopping");
    throws<afina::error>([&] { network.score(halves(), "r2"); }, "r2");
    throws<afina::error>([&] { network.predict({{1, 2, 3}}); }, "3");
    throws<afina::error>([&] { afina::network::train_epochs(mlp, point, 0, 5); }, "epochs");

    const afina::dataset values = afina::dataset::from_arrays(features(), targets(false), task::regression);
    const afina::mlp regression(values);
    const afina::network fitted = afina::network::train(regression, steady(regression.space()), 5);
    require(fitted.predict({{0.5, 0.5}}).size() == 1 && fitted.predict({{0.5, 0.5}})[0].size() == 1, "one value a row");
}

static void a_training_goes_on()
{
    const afina::mlp mlp = small();
    const afina::point point = steady(mlp.space());
    afina::training whole(mlp, point, 5), half(mlp, point, 5), rest(mlp, point, 5);
    throws<afina::error>([&] { whole.best(); }, "");
    whole.run(12);
    require(whole.progress().epochs == 12 && whole.progress().ended, "twelve epochs and the end");
    half.run(5);
    require(half.progress().epochs == 5 && !half.progress().ended, "five, and it may go on");
    const std::string bytes = half.save();
    rest.load(bytes);
    rest.run(12);
    require(rest.best().value == whole.best().value && rest.best().epoch == whole.best().epoch, "the same best epoch");
    require(rest.network().predict(features()) == whole.network().predict(features()), "bit for bit");
    throws<afina::error>([&] { rest.load("no training"); }, "");
    throws<afina::error>([&] { rest.load(std::string_view(bytes).substr(0, bytes.size() - 1)); }, "");
    throws<afina::error>([&] { whole.network(1); }, "fold");
}

static void a_training_is_heard_of()
{
    const afina::mlp mlp = small();
    const afina::point point = steady(mlp.space());
    afina::training training(mlp, point, 5);
    std::vector<double> values;
    const auto hear = [&](std::int32_t epochs, double loss) {
        values.push_back(loss);
        if (epochs == 3)
            throw afina::run_cancelled();
        if (epochs == 5)
            throw std::domain_error("enough");
    };
    require(training.run(12, hear) == afina::news::cancelled && values.size() == 3, "it may end the run");
    throws<std::domain_error>([&] { training.run(12, hear); }, "enough");
    require(training.progress().epochs == 5, "after five epochs");
    require(training.run(12, hear) == afina::news::none && values.size() == 12, "and it goes on");
    afina::training silent(mlp, point, 5);
    silent.run(12);
    require(silent.best().value == training.best().value, "as if it had never stopped");
}

int main()
{
    return run({{"data_from_arrays", data_from_arrays},
                {"data_from_files", data_from_files},
                {"the_network_is_an_objective", the_network_is_an_objective},
                {"it_ends_where_it_is_told_to", it_ends_where_it_is_told_to},
                {"networks_predict", networks_predict},
                {"a_training_goes_on", a_training_goes_on},
                {"a_training_is_heard_of", a_training_is_heard_of}});
}
