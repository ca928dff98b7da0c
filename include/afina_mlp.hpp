/* afina_mlp.hpp - the reference network for C++17 and later: one header over afina_mlp.h, beside afina.hpp.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     const afina::dataset rows = afina::dataset::from_csv("vowel.csv", true, "class", afina::task::classification);
 *     afina::mlp mlp(rows);
 *     mlp.set("folds", 5);
 *     afina::optimizer optimizer(mlp.space());
 *     optimizer.optimize(mlp, 50);
 *
 * The conventions are those of afina.hpp. docs/mlp.md describes the network, docs/cpp.md shows a whole program.
 */
#ifndef AFINA_MLP_HPP
#define AFINA_MLP_HPP

#include "afina.hpp"
#include "afina_mlp.h"

namespace afina
{

enum class task : std::int32_t { classification = AFINA_TASK_CLASSIFICATION, regression = AFINA_TASK_REGRESSION };

/* ----------------------------------------------------------------- data set */

/* Rows of features with a target. */
class dataset
{
  public:
    /* With `header` the first line holds names. `target` is the name of the target's column, "" the last one;
     * `categorical` names columns of categories. */
    static dataset from_csv(const std::string &path, bool header, const std::string &target, afina::task task,
                            span<const std::string> categorical = {})
    {
        const std::vector<const char *> names = detail::pointers(categorical);
        afina_dataset *made = nullptr;
        detail::check(afina_dataset_from_csv(&made, path.c_str(), header ? 1 : 0, detail::optional_text(target),
                                             detail::raw(task), names.data(), names.size()));
        return dataset(made);
    }
    static dataset from_idx(const std::string &features, const std::string &targets, afina::task task)
    {
        afina_dataset *made = nullptr;
        detail::check(afina_dataset_from_idx(&made, features.c_str(), targets.c_str(), detail::raw(task)));
        return dataset(made);
    }
    static dataset from_arrays(const table &features, span<const double> targets, afina::task task)
    {
        afina_dataset *made = nullptr;
        detail::same_size("a column of features", features.rows(), "targets", targets.size());
        detail::check(afina_dataset_from_arrays(&made, features.data(), features.rows(), features.columns(),
                                                targets.data(), detail::raw(task)));
        return dataset(made);
    }
    static dataset own(afina_dataset *handle) noexcept
    {
        return dataset(handle);
    }

    /* Two parts, of which the second has this share of the rows. */
    std::pair<dataset, dataset> split(double share, std::uint64_t seed) const
    {
        afina_dataset *first = nullptr, *second = nullptr;
        detail::check(afina_dataset_split(handle(), share, seed, &first, &second));
        return {dataset(first), dataset(second)};
    }
    std::size_t rows() const noexcept
    {
        return afina_dataset_rows(handle());
    }
    std::size_t columns() const noexcept
    {
        return afina_dataset_columns(handle());
    }
    /* 0 for a regression. */
    std::size_t classes() const noexcept
    {
        return afina_dataset_classes(handle());
    }
    afina_dataset *handle() const noexcept
    {
        return owner_.get();
    }

  private:
    explicit dataset(afina_dataset *handle) noexcept : owner_(handle)
    {
    }
    detail::owner<afina_dataset, afina_dataset_free> owner_;
};

/* ---------------------------------------------------------------- objective */

/* A multilayer perceptron on a data set. It is an objective itself: optimizer.optimize(mlp, 50). */
class mlp
{
  public:
    explicit mlp(const dataset &rows)
    {
        afina_mlp *made = nullptr;
        detail::check(afina_mlp_new(&made, rows.handle()));
        owner_.reset(made);
    }
    /* Options; afina_mlp_set_integer() lists them. */
    template <class T, class = std::enable_if_t<std::is_integral_v<T>>> mlp &set(const std::string &key, T number)
    {
        detail::check(afina_mlp_set_integer(handle(), key.c_str(), static_cast<std::int64_t>(number)));
        return *this;
    }
    mlp &set(const std::string &key, const std::string &text)
    {
        detail::check(afina_mlp_set_string(handle(), key.c_str(), text.c_str()));
        return *this;
    }
    afina::space space() const
    {
        afina_space *made = nullptr;
        detail::check(afina_mlp_space(handle(), &made));
        return afina::space::own(made);
    }
    /* Trains and validates, as afina_mlp_objective(). Nothing when the trial was told to stop, or the training
     * diverged. Throws trial_failed where a hyperparameter is wrong. */
    std::optional<double> operator()(trial_view trial) const
    {
        double told = NAN;
        if (afina_mlp_objective(trial.handle(), &told, handle()) != AFINA_OK)
            throw trial_failed(afina_last_error());
        return std::isnan(told) ? std::nullopt : std::optional<double>(told);
    }
    afina_mlp *handle() const noexcept
    {
        return owner_.get();
    }

  private:
    detail::owner<afina_mlp, afina_mlp_free> owner_;
};

/* ------------------------------------------------------------------ network */

/* A trained network. */
class network
{
  public:
    /* With early stopping, for which some rows are put aside. */
    static network train(const mlp &of, point_view at, std::uint64_t seed)
    {
        afina_network *made = nullptr;
        detail::check(afina_network_train(&made, of.handle(), at.handle(), seed));
        return network(made);
    }
    /* On all rows, for exactly so many epochs. */
    static network train_epochs(const mlp &of, point_view at, std::int32_t epochs, std::uint64_t seed)
    {
        afina_network *made = nullptr;
        detail::check(afina_network_train_epochs(&made, of.handle(), at.handle(), epochs, seed));
        return network(made);
    }
    static network own(afina_network *handle) noexcept
    {
        return network(handle);
    }

    /* A metric by its own name: "accuracy" is the share of right answers. */
    double score(const dataset &rows, const std::string &metric) const
    {
        double out = 0;
        detail::check(afina_network_score(handle(), rows.handle(), metric.c_str(), &out));
        return out;
    }
    /* For each row of features the probabilities of the classes, or the predicted value. */
    std::vector<std::vector<double>> predict(const table &features) const
    {
        const std::vector<double> flat =
            detail::array<double>([&](double *out, std::size_t capacity, std::size_t *count) {
                return afina_network_predict(handle(), features.data(), features.rows(), features.columns(), out,
                                             capacity, count);
            });
        return detail::rows(flat, features.rows() ? flat.size() / features.rows() : 0);
    }
    /* The same row after row into memory of the caller, if it has room for all; how many there are. */
    std::size_t predict_into(span<double> out, const table &features) const
    {
        std::size_t count = 0;
        detail::check(afina_network_predict(handle(), features.data(), features.rows(), features.columns(), out.data(),
                                            out.size(), &count));
        return count;
    }
    afina_network *handle() const noexcept
    {
        return owner_.get();
    }

  private:
    explicit network(afina_network *handle) noexcept : owner_(handle)
    {
    }
    detail::owner<afina_network, afina_network_free> owner_;
};

/* ----------------------------------------------------------------- training */

/* A training that can be left after any epoch and taken up again, also by another process. */
class training
{
  public:
    struct progress_of {
        std::int32_t epochs;
        bool ended;
    };
    struct best_of {
        double epoch, value;
    };

    training(const mlp &of, point_view at, std::uint64_t seed)
    {
        afina_training *made = nullptr;
        detail::check(afina_training_new(&made, of.handle(), at.handle(), seed));
        owner_.reset(made);
    }
    /* Goes on until so many epochs are done in all. */
    void run(std::int32_t epochs)
    {
        detail::check(afina_training_run(handle(), epochs, nullptr, nullptr));
    }
    /* f(epochs done, value) hears of every epoch. It may throw run_cancelled, and run() then returns news::cancelled;
     * any other exception comes out of run(). The training can be run again after either. */
    template <class F> news run(std::int32_t epochs, F &&f)
    {
        report<std::remove_reference_t<F>> call(f);
        const std::int32_t status = afina_training_run(handle(), epochs, &call.hear, &call);
        if (status == AFINA_E_CALLBACK)
            call.rethrow();
        return static_cast<news>(detail::check(status));
    }
    progress_of progress() const
    {
        std::int32_t epochs = 0, ended = 0;
        detail::check(afina_training_progress(handle(), &epochs, &ended));
        return {epochs, ended != 0};
    }
    best_of best() const
    {
        best_of out{};
        detail::check(afina_training_best(handle(), &out.epoch, &out.value));
        return out;
    }
    /* The network of a fold as it was in its best epoch. */
    afina::network network(std::size_t fold = 0) const
    {
        afina_network *made = nullptr;
        detail::check(afina_training_network(&made, handle(), fold));
        return afina::network::own(made);
    }
    /* The whole state as bytes, and back: afina_training_save(). */
    std::string save() const
    {
        std::size_t size = 0;
        detail::check(afina_training_save(handle(), nullptr, 0, &size));
        std::string bytes(size, '\0');
        detail::check(afina_training_save(handle(), bytes.data(), bytes.size(), &size));
        return bytes;
    }
    void load(std::string_view bytes)
    {
        detail::check(afina_training_load(handle(), bytes.data(), bytes.size()));
    }
    afina_training *handle() const noexcept
    {
        return owner_.get();
    }

  private:
    template <class F> struct report : detail::pending {
        explicit report(F &function) : f(function)
        {
        }
        static std::int32_t hear(std::int32_t epochs, double loss, void *user)
        {
            report &self = *static_cast<report *>(user);
            return detail::guarded(self, [&]() -> std::int32_t {
                self.f(epochs, loss);
                return AFINA_OK;
            });
        }
        F &f;
    };
    detail::owner<afina_training, afina_training_free> owner_;
};

} // namespace afina

#endif
