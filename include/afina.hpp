/* afina.hpp - afina for C++17 and later: one header over the C library.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     afina::space space;
 *     space.add_real("rate", 1e-5, 1e-1, afina::scale::log).add_integer("depth", 1, 12);
 *     afina::optimizer optimizer(space);
 *     optimizer.set("seed", 7);
 *     optimizer.optimize([](afina::trial_view trial) { return loss(trial.get<double>("rate")); }, 50);
 *     std::cout << optimizer.best().point().json() << '\n';
 *
 * Names are those of afina.h without its prefix: what optimizer.tell() does stands at afina_tell(). docs/cpp.md leads
 * through it. The reference network is in afina_mlp.hpp.
 *
 * Errors     are thrown as afina::error, with the status and the text of the library. News (the study has ended, a
 *            running trial must end first) is returned.
 * Handles    are freed by their destructors. A class whose name ends with _view refers to what another object owns.
 *            handle() is the pointer for a call of afina.h.
 * Callbacks  are whatever can be called. An exception that leaves one does not pass through the library: it is kept,
 *            the library is told to end the call, and the exception is thrown again from there.
 * Threads    as in afina.h: an optimizer may be used from several threads, any other object from one at a time.
 */
#ifndef AFINA_HPP
#define AFINA_HPP

#include "afina.h"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>
#if defined(__GLIBCXX__)
#include <cxxabi.h>
#endif

namespace afina
{

/* ------------------------------------------------------------------ numbers */

/* The numbers of afina.h. A value that has no name here is one of a later library. */
enum class scale : std::int32_t {
    linear = AFINA_SCALE_LINEAR,
    log = AFINA_SCALE_LOG,
    reverse_log = AFINA_SCALE_REVERSE_LOG
};
enum class prior : std::int32_t {
    uniform = AFINA_PRIOR_UNIFORM,
    normal = AFINA_PRIOR_NORMAL,
    lognormal = AFINA_PRIOR_LOGNORMAL
};
enum class kind : std::int32_t {
    real = AFINA_KIND_REAL,
    integer = AFINA_KIND_INTEGER,
    categorical = AFINA_KIND_CATEGORICAL,
    ordinal = AFINA_KIND_ORDINAL
};
enum class comparison : std::int32_t {
    equal = AFINA_COMPARE_EQUAL,
    not_equal = AFINA_COMPARE_NOT_EQUAL,
    less = AFINA_COMPARE_LESS,
    less_equal = AFINA_COMPARE_LESS_EQUAL,
    greater = AFINA_COMPARE_GREATER,
    greater_equal = AFINA_COMPARE_GREATER_EQUAL,
    in = AFINA_COMPARE_IN
};
enum class state : std::int32_t {
    running = AFINA_STATE_RUNNING,
    complete = AFINA_STATE_COMPLETE,
    stopped = AFINA_STATE_STOPPED,
    paused = AFINA_STATE_PAUSED,
    failed = AFINA_STATE_FAILED,
    infeasible = AFINA_STATE_INFEASIBLE,
    lost = AFINA_STATE_LOST
};
enum class opening : std::int32_t {
    create = AFINA_OPEN_CREATE,
    existing = AFINA_OPEN_EXISTING,
    read_only = AFINA_OPEN_READ_ONLY
};
enum class origin : std::int32_t {
    suggested = AFINA_ORIGIN_SUGGESTED,
    enqueued = AFINA_ORIGIN_ENQUEUED,
    added = AFINA_ORIGIN_ADDED,
    promoted = AFINA_ORIGIN_PROMOTED,
    repeated = AFINA_ORIGIN_REPEATED
};
enum class event : std::int32_t {
    asked = AFINA_EVENT_ASKED,
    reported = AFINA_EVENT_REPORTED,
    told = AFINA_EVENT_TOLD,
    best = AFINA_EVENT_BEST
};
enum class direction : std::int32_t { minimise = AFINA_DIRECTION_MINIMISE, maximise = AFINA_DIRECTION_MAXIMISE };
enum class level : std::int32_t { warning = AFINA_MESSAGE_WARNING, info = AFINA_MESSAGE_INFO };
enum class verdict : std::int32_t {
    no = AFINA_VERDICT_NO,
    undecided = AFINA_VERDICT_UNDECIDED,
    yes = AFINA_VERDICT_YES
};
enum class posthoc : std::int32_t {
    wilcoxon = AFINA_POSTHOC_WILCOXON,
    ranks = AFINA_POSTHOC_RANKS,
    nemenyi = AFINA_POSTHOC_NEMENYI
};
enum class option_type : std::int32_t {
    integer = AFINA_OPTION_INTEGER,
    real = AFINA_OPTION_REAL,
    string = AFINA_OPTION_STRING,
    reals = AFINA_OPTION_REALS
};

/* How a call ended that did not fail. */
enum class news : std::int32_t {
    none = AFINA_OK,
    done = AFINA_DONE,
    exhausted = AFINA_EXHAUSTED,
    wait = AFINA_WAIT,
    cancelled = AFINA_CANCELLED,
    all_failed = AFINA_ALL_FAILED,
    stale = AFINA_STALE
};

/* ------------------------------------------------------------------- errors */

/* What the library answered: AFINA_E_*, and its text as what(). */
class error : public std::runtime_error
{
  public:
    error(std::int32_t status, const std::string &text) : std::runtime_error(text), status_(status)
    {
    }
    std::int32_t status() const noexcept
    {
        return status_;
    }
    const char *name() const noexcept
    {
        return afina_status_name(status_);
    }

  private:
    std::int32_t status_;
};

/* Thrown by an objective: the trial FAILED for this reason, and the run goes on. */
class trial_failed : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/* Thrown by an objective: the point cannot be evaluated, the trial is INFEASIBLE, and the run goes on. */
class trial_infeasible : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/* Thrown by a callback: the run ends with news::cancelled; a trial that this interrupts is LOST. */
class run_cancelled : public std::runtime_error
{
  public:
    run_cancelled() : std::runtime_error("cancelled")
    {
    }
    using std::runtime_error::runtime_error;
};

/* -------------------------------------------------------------------- views */

/* Elements that lie in a row somewhere else: made from anything with data() and size(), std::span and std::vector among
 * them, and itself such a thing. A view of a list in braces lives as long as the call that it is written in. */
template <class T> class span
{
  public:
    using value_type = std::remove_cv_t<T>;

    constexpr span() noexcept = default;
    constexpr span(T *data, std::size_t size) noexcept : data_(data), size_(size)
    {
    }
    template <class C,
              class = std::enable_if_t<std::is_convertible_v<decltype(std::declval<C &>().data()), T *> &&
                                       std::is_convertible_v<decltype(std::declval<C &>().size()), std::size_t> &&
                                       !std::is_same_v<std::remove_cv_t<std::remove_reference_t<C>>, span>>>
    constexpr span(C &&container) noexcept : data_(container.data()), size_(container.size())
    {
    }
    template <class U = T, class = std::enable_if_t<std::is_const_v<U>>>
    constexpr span(std::initializer_list<value_type> list) noexcept
    {
        data_ = list.begin();
        size_ = list.size();
    }
    constexpr T *data() const noexcept
    {
        return data_;
    }
    constexpr std::size_t size() const noexcept
    {
        return size_;
    }
    constexpr bool empty() const noexcept
    {
        return size_ == 0;
    }
    constexpr T *begin() const noexcept
    {
        return data_;
    }
    constexpr T *end() const noexcept
    {
        return data_ + size_;
    }
    constexpr T &operator[](std::size_t index) const
    {
        return data_[index];
    }

  private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

/* ------------------------------------------------------------------- inside */

namespace detail
{

inline std::int32_t check(std::int32_t status)
{
    if (status < 0)
        throw error(status, afina_last_error());
    return status;
}

template <class E> constexpr std::int32_t raw(E value) noexcept
{
    return static_cast<std::int32_t>(value);
}

template <class H, void (*Free)(H *)> struct deleter {
    void operator()(H *handle) const noexcept
    {
        Free(handle);
    }
};
template <class H, void (*Free)(H *)> using owner = std::unique_ptr<H, deleter<H, Free>>;

/* A text that the library writes into a buffer: measured, then read, and again while it grows. */
template <class F> std::string text(F call)
{
    std::size_t length = 0;
    std::string out;
    check(call(nullptr, std::size_t{0}, &length));
    do {
        out.resize(length + 1);
        check(call(out.data(), out.size(), &length));
    } while (length >= out.size());
    out.resize(length);
    return out;
}

/* The same of an array. */
template <class T, class F> std::vector<T> array(F call)
{
    std::size_t count = 0;
    std::vector<T> out;
    check(call(nullptr, std::size_t{0}, &count));
    while (out.size() < count) {
        out.resize(count);
        check(call(out.data(), out.size(), &count));
    }
    out.resize(count);
    return out;
}

inline std::string or_empty(const char *text)
{
    return text ? text : "";
}

/* Nothing for NULL, by which the library says that it does not know a name. */
inline std::optional<std::string> or_nothing(const char *text)
{
    return text ? std::optional<std::string>(text) : std::nullopt;
}

/* Elements that lie row after row, as rows. */
inline std::vector<std::vector<double>> rows(const std::vector<double> &elements, std::size_t columns)
{
    std::vector<std::vector<double>> out;
    for (std::size_t i = 0; i < elements.size(); i += columns)
        out.emplace_back(elements.data() + i, elements.data() + i + columns);
    return out;
}

/* Arrays that belong together have one length. */
inline void same_size(const char *name, std::size_t size, const char *other, std::size_t other_size)
{
    if (size != other_size)
        throw error(AFINA_E_RANGE, std::string(name) + " has " + std::to_string(size) + " elements, " + other +
                                       " has " + std::to_string(other_size));
}

/* NULL for a reason that is not told. */
inline const char *optional_text(const std::string &text) noexcept
{
    return text.empty() ? nullptr : text.c_str();
}

inline std::vector<const char *> pointers(span<const std::string> texts)
{
    std::vector<const char *> out;
    for (const std::string &text : texts)
        out.push_back(text.c_str());
    return out;
}

/* The first exception that left a callback, until the call returns that it ends. */
class pending
{
  public:
    void keep(std::exception_ptr exception)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!exception_)
            exception_ = exception;
    }
    void rethrow()
    {
        std::exception_ptr exception;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            std::swap(exception, exception_);
        }
        if (exception)
            std::rethrow_exception(exception);
    }

  private:
    std::mutex mutex_;
    std::exception_ptr exception_;
};

/* Calls f, and makes a status of what it throws. The end of a thread inside of it goes on, as the library expects. */
template <class F> std::int32_t guarded(pending &kept, F f)
{
    try {
        return f();
    } catch (const run_cancelled &) {
        return AFINA_CANCELLED;
    } catch (const std::exception &exception) {
        kept.keep(std::current_exception());
        afina_set_last_error(exception.what());
#if defined(__GLIBCXX__)
    } catch (abi::__forced_unwind &) {
        throw;
#endif
    } catch (...) {
        kept.keep(std::current_exception());
        afina_set_last_error("the callback threw what is no std::exception");
    }
    return AFINA_E_CALLBACK;
}

/* A callback that outlives the call which sets it. The library holds one shared_ptr to it, and lets go of that. */
template <class F> struct slot : pending {
    explicit slot(F function) : f(std::move(function))
    {
    }
    F f;
};

template <class F> using held = std::shared_ptr<slot<F>>;

template <class F> void release(void *user)
{
    delete static_cast<held<F> *>(user);
}

/* set(user, release) hands the callback to the library; when it refuses, nothing is left behind. */
template <class F, class Set> std::shared_ptr<pending> install(F &&function, Set set)
{
    using Function = std::decay_t<F>;
    held<Function> callback = std::make_shared<slot<Function>>(std::forward<F>(function));
    auto user = std::make_unique<held<Function>>(callback);
    check(set(static_cast<void *>(user.get()), &release<Function>));
    static_cast<void>(user.release());
    return callback;
}

template <class F> slot<F> &slot_of(void *user)
{
    return **static_cast<held<F> *>(user);
}

template <class T, class = void> struct is_container : std::false_type {
};
template <class T>
struct is_container<T, std::void_t<decltype(std::declval<T &>().begin()), decltype(std::declval<T &>().end())>>
    : std::true_type {
};
template <class T> struct is_optional : std::false_type {
};
template <class T> struct is_optional<std::optional<T>> : std::true_type {
};

/* Stores what an objective returned: a number, as many as there are objectives, or nothing. */
template <class R> void store(const R &result, double *values, std::size_t objectives)
{
    using Result = std::decay_t<R>;
    if constexpr (is_optional<Result>::value) {
        if (result)
            store(*result, values, objectives);
    } else if constexpr (is_container<const Result>::value) {
        std::size_t count = 0;
        for (const auto &value : result) {
            if (count < objectives)
                values[count] = static_cast<double>(value);
            count++;
        }
        if (count != objectives)
            throw error(AFINA_E_RANGE, "the objective returned " + std::to_string(count) + " values, the study has " +
                                           std::to_string(objectives) + " objectives");
    } else {
        static_assert(std::is_arithmetic_v<Result>,
                      "an objective returns a number, a container of numbers, or a std::optional of either");
        if (objectives != 1)
            throw error(AFINA_E_RANGE,
                        "the objective returned 1 value, the study has " + std::to_string(objectives) + " objectives");
        values[0] = static_cast<double>(result);
    }
}

/* An objective's own exceptions are of its trial, the others of the run. */
template <class F> std::int32_t objective_guarded(pending &kept, F f)
{
    return guarded(kept, [&]() -> std::int32_t {
        try {
            f();
            return AFINA_OK;
        } catch (const trial_failed &failed) {
            afina_set_last_error(failed.what());
            return AFINA_E_STATE;
        } catch (const trial_infeasible &infeasible) {
            afina_set_last_error(infeasible.what());
            return AFINA_INFEASIBLE_POINT;
        }
    });
}

inline std::optional<std::chrono::system_clock::time_point> time_point(std::int64_t milliseconds)
{
    if (milliseconds == std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    return std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(std::chrono::milliseconds(milliseconds)));
}

} // namespace detail

/* -------------------------------------------------------------------- point */

/* A value of a parameter: real, integer, or the text of a choice. */
using value = std::variant<double, std::int64_t, std::string>;

class space;

/* A point that another object owns: a trial, or the library during a callback. */
class point_view
{
  public:
    explicit point_view(const afina_point *handle) noexcept : handle_(handle)
    {
    }

    /* The value as a floating-point number, an integer or a std::string; afina_point_get_real() and its kin say which
     * goes. AFINA_E_STATE when the parameter is not active. */
    template <class T> T get(const std::string &name) const
    {
        if constexpr (std::is_same_v<T, std::string>) {
            const char *text = nullptr;
            detail::check(afina_point_get_string(handle_, name.c_str(), &text));
            return text;
        } else if constexpr (std::is_integral_v<T>) {
            static_assert(!std::is_same_v<T, bool>, "read a choice as std::string, or a number as an integer");
            std::int64_t number = 0;
            detail::check(afina_point_get_integer(handle_, name.c_str(), &number));
            const T narrow = static_cast<T>(number);
            if (static_cast<std::int64_t>(narrow) != number || (number < 0 && std::is_unsigned_v<T>))
                throw error(AFINA_E_RANGE, "parameter \"" + name + "\" is " + std::to_string(number) +
                                               ", which the type that it is read as cannot hold");
            return narrow;
        } else {
            static_assert(std::is_floating_point_v<T>,
                          "a value is a floating-point number, an integer or a std::string");
            double number = 0;
            detail::check(afina_point_get_real(handle_, name.c_str(), &number));
            return static_cast<T>(number);
        }
    }

    /* The value in the type of its parameter. */
    value operator[](const std::string &name) const
    {
        const char *text = nullptr;
        std::int64_t integer = 0;
        std::int32_t status = afina_point_get_string(handle_, name.c_str(), &text);
        if (status == AFINA_OK)
            return std::string(text);
        if (status == AFINA_E_TYPE && (status = afina_point_get_integer(handle_, name.c_str(), &integer)) == AFINA_OK)
            return integer;
        if (status != AFINA_E_TYPE)
            detail::check(status);
        return get<double>(name);
    }

    bool is_active(const std::string &name) const
    {
        std::int32_t active = 0;
        detail::check(afina_point_is_active(handle_, name.c_str(), &active));
        return active != 0;
    }
    std::string text(const std::string &name) const
    {
        return detail::text([&](char *buffer, std::size_t capacity, std::size_t *length) {
            return afina_point_get_text(handle_, name.c_str(), buffer, capacity, length);
        });
    }
    std::string json() const
    {
        return detail::text([&](char *buffer, std::size_t capacity, std::size_t *length) {
            return afina_point_to_json(handle_, buffer, capacity, length);
        });
    }
    const afina_point *handle() const noexcept
    {
        return handle_;
    }

  protected:
    const afina_point *handle_;
};

/* A point of one's own. */
class point : public point_view
{
  public:
    /* With every parameter at its default. */
    explicit point(const space &of);
    point(const space &of, const std::string &json);
    explicit point(point_view other) : point_view(nullptr)
    {
        afina_point *copy = nullptr;
        detail::check(afina_point_copy(&copy, other.handle()));
        adopt(copy);
    }
    point(const point &other) : point(static_cast<point_view>(other))
    {
    }
    point(point &&other) noexcept : point_view(other.handle_), owner_(std::move(other.owner_))
    {
        other.handle_ = nullptr;
    }
    point &operator=(point other) noexcept
    {
        std::swap(owner_, other.owner_);
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~point() = default;

    /* Takes over a handle that a function of afina.h made. */
    static point own(afina_point *handle) noexcept
    {
        return point(handle);
    }

    template <class T> point &set(const std::string &name, const T &of)
    {
        if constexpr (std::is_same_v<T, value>)
            std::visit([&](const auto &inner) { set(name, inner); }, of);
        else if constexpr (std::is_floating_point_v<T>)
            detail::check(afina_point_set_real(owner_.get(), name.c_str(), static_cast<double>(of)));
        else if constexpr (std::is_integral_v<T>)
            detail::check(afina_point_set_integer(owner_.get(), name.c_str(), static_cast<std::int64_t>(of)));
        else
            detail::check(afina_point_set_string(owner_.get(), name.c_str(), std::string(of).c_str()));
        return *this;
    }
    afina_point *handle() const noexcept
    {
        return owner_.get();
    }

  private:
    explicit point(afina_point *handle) noexcept : point_view(nullptr)
    {
        adopt(handle);
    }
    void adopt(afina_point *handle) noexcept
    {
        owner_.reset(handle);
        handle_ = handle;
    }
    detail::owner<afina_point, afina_point_free> owner_;
};

/* -------------------------------------------------------------------- space */

/* A search space. What adds or sets returns the space, so that calls can be written in a row. */
class space
{
  public:
    struct condition {
        std::string parent;
        afina::comparison comparison;
        double number;
        std::vector<std::string> values; /* of comparison::in */
    };
    struct prior_values {
        afina::prior prior;
        double mean, sd;
    };

    space()
    {
        afina_space *made = nullptr;
        detail::check(afina_space_new(&made));
        owner_.reset(made);
    }
    explicit space(const std::string &json)
    {
        afina_space *made = nullptr;
        detail::check(afina_space_from_json(&made, json.data(), json.size()));
        owner_.reset(made);
    }
    space(const space &other) : filter_(other.filter_)
    {
        afina_space *made = nullptr;
        detail::check(afina_space_copy(&made, other.handle()));
        owner_.reset(made);
    }
    space(space &&) noexcept = default;
    space &operator=(space other) noexcept
    {
        std::swap(owner_, other.owner_);
        std::swap(filter_, other.filter_);
        return *this;
    }
    ~space() = default;
    /* `filter` is for the classes of this header: what filter_pending() says of the space that it comes from. */
    static space own(afina_space *handle, std::shared_ptr<detail::pending> filter = {}) noexcept
    {
        space made(handle);
        made.filter_ = std::move(filter);
        return made;
    }

    space &add_real(const std::string &name, double low, double high, afina::scale scale = afina::scale::linear)
    {
        detail::check(afina_space_add_real(handle(), name.c_str(), low, high, detail::raw(scale)));
        return *this;
    }
    space &add_integer(const std::string &name, std::int64_t low, std::int64_t high,
                       afina::scale scale = afina::scale::linear)
    {
        detail::check(afina_space_add_integer(handle(), name.c_str(), low, high, detail::raw(scale)));
        return *this;
    }
    space &add_categorical(const std::string &name, span<const std::string> choices)
    {
        const std::vector<const char *> texts = detail::pointers(choices);
        detail::check(afina_space_add_categorical(handle(), name.c_str(), texts.data(), texts.size()));
        return *this;
    }
    space &add_ordinal(const std::string &name, span<const std::string> choices)
    {
        const std::vector<const char *> texts = detail::pointers(choices);
        detail::check(afina_space_add_ordinal(handle(), name.c_str(), texts.data(), texts.size()));
        return *this;
    }
    space &add_normal(const std::string &name, double mean, double sd, double low = -INFINITY, double high = INFINITY)
    {
        detail::check(afina_space_add_normal(handle(), name.c_str(), mean, sd, low, high));
        return *this;
    }
    space &add_lognormal(const std::string &name, double mean, double sd, double low = 0, double high = INFINITY)
    {
        detail::check(afina_space_add_lognormal(handle(), name.c_str(), mean, sd, low, high));
        return *this;
    }
    space &set_step(const std::string &name, double step)
    {
        detail::check(afina_space_set_step(handle(), name.c_str(), step));
        return *this;
    }
    space &set_prior(const std::string &name, afina::prior prior, double mean = 0, double sd = 0)
    {
        detail::check(afina_space_set_prior(handle(), name.c_str(), detail::raw(prior), mean, sd));
        return *this;
    }
    space &set_weights(const std::string &name, span<const double> weights)
    {
        detail::check(afina_space_set_weights(handle(), name.c_str(), weights.data(), weights.size()));
        return *this;
    }
    template <class T> space &set_default(const std::string &name, const T &of)
    {
        if constexpr (std::is_same_v<T, value>)
            std::visit([&](const auto &inner) { set_default(name, inner); }, of);
        else if constexpr (std::is_floating_point_v<T>)
            detail::check(afina_space_set_default_real(handle(), name.c_str(), static_cast<double>(of)));
        else if constexpr (std::is_integral_v<T>)
            detail::check(afina_space_set_default_integer(handle(), name.c_str(), static_cast<std::int64_t>(of)));
        else
            detail::check(afina_space_set_default_string(handle(), name.c_str(), std::string(of).c_str()));
        return *this;
    }
    space &add_condition(const std::string &child, const std::string &parent, afina::comparison comparison,
                         double number)
    {
        detail::check(
            afina_space_add_condition(handle(), child.c_str(), parent.c_str(), detail::raw(comparison), number));
        return *this;
    }
    space &add_condition_in(const std::string &child, const std::string &parent, span<const std::string> values)
    {
        const std::vector<const char *> texts = detail::pointers(values);
        detail::check(
            afina_space_add_condition_in(handle(), child.c_str(), parent.c_str(), texts.data(), texts.size()));
        return *this;
    }

    /* Forbids the points for which f(point_view) is false. */
    template <class F> space &set_filter(F &&f);
    space &clear_filter()
    {
        detail::check(afina_space_set_filter(handle(), nullptr, nullptr, nullptr));
        filter_.reset();
        return *this;
    }
    bool has_filter() const
    {
        std::int32_t has = 0;
        detail::check(afina_space_has_filter(handle(), &has));
        return has != 0;
    }

    std::vector<std::string> parameters() const
    {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < afina_space_parameter_count(handle()); i++)
            names.emplace_back(afina_space_parameter_name(handle(), i));
        return names;
    }
    afina::kind kind(const std::string &name) const
    {
        std::int32_t number = 0;
        detail::check(afina_space_get_kind(handle(), name.c_str(), &number));
        return static_cast<afina::kind>(number);
    }
    std::vector<std::string> choices(const std::string &name) const
    {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < afina_space_get_choice_count(handle(), name.c_str()); i++)
            out.emplace_back(afina_space_get_choice(handle(), name.c_str(), i));
        return out;
    }
    std::pair<double, double> real_bounds(const std::string &name) const
    {
        std::pair<double, double> out;
        detail::check(afina_space_get_real_bounds(handle(), name.c_str(), &out.first, &out.second));
        return out;
    }
    std::pair<std::int64_t, std::int64_t> integer_bounds(const std::string &name) const
    {
        std::pair<std::int64_t, std::int64_t> out;
        detail::check(afina_space_get_integer_bounds(handle(), name.c_str(), &out.first, &out.second));
        return out;
    }
    afina::scale scale(const std::string &name) const
    {
        std::int32_t number = 0;
        detail::check(afina_space_get_scale(handle(), name.c_str(), &number));
        return static_cast<afina::scale>(number);
    }
    double step(const std::string &name) const
    {
        double out = 0;
        detail::check(afina_space_get_step(handle(), name.c_str(), &out));
        return out;
    }
    prior_values prior(const std::string &name) const
    {
        std::int32_t number = 0;
        prior_values out{};
        detail::check(afina_space_get_prior(handle(), name.c_str(), &number, &out.mean, &out.sd));
        out.prior = static_cast<afina::prior>(number);
        return out;
    }
    std::vector<double> weights(const std::string &name) const
    {
        return detail::array<double>([&](double *out, std::size_t capacity, std::size_t *count) {
            return afina_space_get_weights(handle(), name.c_str(), out, capacity, count);
        });
    }
    value default_value(const std::string &name) const
    {
        const afina::kind of = kind(name);
        double real = 0;
        std::int64_t integer = 0;
        const char *text = nullptr;
        if (of == afina::kind::real) {
            detail::check(afina_space_get_default_real(handle(), name.c_str(), &real));
            return real;
        }
        if (of == afina::kind::integer) {
            detail::check(afina_space_get_default_integer(handle(), name.c_str(), &integer));
            return integer;
        }
        detail::check(afina_space_get_default_string(handle(), name.c_str(), &text));
        return std::string(text);
    }
    std::vector<condition> conditions(const std::string &child) const
    {
        std::vector<condition> out;
        std::size_t count = 0;
        detail::check(afina_space_get_condition_count(handle(), child.c_str(), &count));
        for (std::size_t i = 0; i < count; i++)
            out.push_back(condition_at(child, i));
        return out;
    }

    std::uint64_t point_count() const
    {
        std::uint64_t count = 0;
        detail::check(afina_space_point_count(handle(), &count));
        return count;
    }
    point unrank(std::uint64_t rank) const
    {
        afina_point *made = nullptr;
        detail::check(afina_space_unrank(handle(), rank, &made));
        return point::own(made);
    }
    std::uint64_t rank(point_view of) const
    {
        std::uint64_t out = 0;
        detail::check(afina_space_rank(handle(), of.handle(), &out));
        return out;
    }
    point sample(std::uint64_t seed, std::uint64_t index) const
    {
        afina_point *made = nullptr;
        const std::int32_t status = afina_space_sample(handle(), seed, index, &made);
        if (status == AFINA_E_CALLBACK && filter_)
            filter_->rethrow();
        detail::check(status);
        return point::own(made);
    }
    std::string json() const
    {
        return detail::text([&](char *text, std::size_t capacity, std::size_t *length) {
            return afina_space_to_json(handle(), text, capacity, length);
        });
    }

    afina_space *handle() const noexcept
    {
        return owner_.get();
    }
    /* For the classes of this header: what the filter threw. */
    const std::shared_ptr<detail::pending> &filter_pending() const noexcept
    {
        return filter_;
    }

  private:
    explicit space(afina_space *handle) noexcept : owner_(handle)
    {
    }
    condition condition_at(const std::string &child, std::size_t index) const
    {
        condition out{};
        const char *parent = nullptr;
        std::int32_t number = 0;
        std::size_t count = 0;
        detail::check(afina_space_get_condition(handle(), child.c_str(), index, &parent, &number, &out.number));
        out.parent = parent;
        out.comparison = static_cast<afina::comparison>(number);
        detail::check(afina_space_get_condition_value_count(handle(), child.c_str(), index, &count));
        for (std::size_t i = 0; i < count; i++)
            out.values.push_back(detail::text([&](char *text, std::size_t capacity, std::size_t *length) {
                return afina_space_get_condition_value(handle(), child.c_str(), index, i, text, capacity, length);
            }));
        return out;
    }
    detail::owner<afina_space, afina_space_free> owner_;
    std::shared_ptr<detail::pending> filter_;
};

namespace detail
{

template <class F> std::int32_t call_filter(const afina_point *point, void *user)
{
    slot<F> &callback = slot_of<F>(user);
    return guarded(callback, [&]() -> std::int32_t { return callback.f(point_view(point)) ? 1 : 0; });
}

} // namespace detail

template <class F> space &space::set_filter(F &&f)
{
    filter_ = detail::install(std::forward<F>(f), [&](void *user, afina_release release) {
        return afina_space_set_filter(handle(), &detail::call_filter<std::decay_t<F>>, user, release);
    });
    return *this;
}

inline point::point(const space &of) : point_view(nullptr)
{
    afina_point *made = nullptr;
    detail::check(afina_point_new(&made, of.handle()));
    adopt(made);
}

inline point::point(const space &of, const std::string &json) : point_view(nullptr)
{
    afina_point *made = nullptr;
    detail::check(afina_point_from_json(&made, of.handle(), json.data(), json.size()));
    adopt(made);
}

/* -------------------------------------------------------------------- trial */

/* A trial that another object owns: the library, during a callback. */
class trial_view
{
  public:
    struct report {
        double step;
        std::vector<double> values;
    };
    using time = std::optional<std::chrono::system_clock::time_point>;

    explicit trial_view(afina_trial *handle) noexcept : handle_(handle)
    {
    }

    std::int64_t number() const noexcept
    {
        return afina_trial_number(handle_);
    }
    /* Lives as long as the trial. */
    point_view point() const noexcept
    {
        return point_view(afina_trial_point(handle_));
    }
    template <class T> T get(const std::string &name) const
    {
        return point().get<T>(name);
    }
    afina::value operator[](const std::string &name) const
    {
        return point()[name];
    }
    afina::state state() const
    {
        return static_cast<afina::state>(read<std::int32_t>(afina_trial_state));
    }
    afina::origin origin() const
    {
        return static_cast<afina::origin>(read<std::int32_t>(afina_trial_origin));
    }
    double budget() const
    {
        return read<double>(afina_trial_budget);
    }
    double start() const
    {
        return read<double>(afina_trial_start);
    }
    std::int64_t arm() const
    {
        return read<std::int64_t>(afina_trial_arm);
    }
    std::int64_t replicate() const
    {
        return read<std::int64_t>(afina_trial_replicate);
    }
    std::int64_t parent() const
    {
        return read<std::int64_t>(afina_trial_parent);
    }
    double value() const
    {
        return read<double>(afina_trial_value);
    }
    std::vector<double> values() const
    {
        return reals(afina_trial_values);
    }
    std::vector<double> constraints() const
    {
        return reals(afina_trial_constraints);
    }
    std::vector<double> errors() const
    {
        return reals(afina_trial_errors);
    }
    std::string reason() const
    {
        return text(afina_trial_reason);
    }
    std::vector<report> reports() const
    {
        std::vector<report> out(read<std::size_t>(afina_trial_report_count));
        for (std::size_t i = 0; i < out.size(); i++)
            out[i].values = detail::array<double>([&](double *values, std::size_t capacity, std::size_t *count) {
                return afina_trial_report(handle_, i, &out[i].step, values, capacity, count);
            });
        return out;
    }
    std::string checkpoint() const
    {
        return text(afina_trial_checkpoint);
    }
    /* The text under a key, if there is one. */
    std::optional<std::string> attribute(const std::string &key) const
    {
        std::size_t length = 0;
        if (afina_trial_attribute(handle_, key.c_str(), nullptr, 0, &length) == AFINA_E_NOT_FOUND)
            return std::nullopt;
        return detail::text([&](char *buffer, std::size_t capacity, std::size_t *size) {
            return afina_trial_attribute(handle_, key.c_str(), buffer, capacity, size);
        });
    }
    std::vector<std::string> attribute_keys() const
    {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < read<std::size_t>(afina_trial_attribute_count); i++)
            out.push_back(detail::text([&](char *buffer, std::size_t capacity, std::size_t *length) {
                return afina_trial_attribute_key(handle_, i, buffer, capacity, length);
            }));
        return out;
    }
    /* When it was asked for, and when it ended; nothing where it did not, or the log does not say. */
    std::pair<time, time> times() const
    {
        std::int64_t started = 0, ended = 0;
        detail::check(afina_trial_times(handle_, &started, &ended));
        return {detail::time_point(started), detail::time_point(ended)};
    }
    std::uint64_t seed() const
    {
        return read<std::uint64_t>(afina_trial_seed);
    }
    std::uint64_t data_seed() const
    {
        return read<std::uint64_t>(afina_trial_data_seed);
    }

    void tell(double only)
    {
        detail::check(afina_trial_tell(handle_, &only, 1));
    }
    void tell(span<const double> all)
    {
        detail::check(afina_trial_tell(handle_, all.data(), all.size()));
    }
    void tell_failed(const std::string &reason = {})
    {
        detail::check(afina_trial_tell_failed(handle_, detail::optional_text(reason)));
    }
    void tell_infeasible(const std::string &reason = {})
    {
        detail::check(afina_trial_tell_infeasible(handle_, detail::optional_text(reason)));
    }
    void tell_stopped()
    {
        detail::check(afina_trial_tell_stopped(handle_));
    }
    void tell_lost(const std::string &reason = {})
    {
        detail::check(afina_trial_tell_lost(handle_, detail::optional_text(reason)));
    }
    void tell_report(double step, double only)
    {
        detail::check(afina_trial_tell_report(handle_, step, &only, 1));
    }
    void tell_report(double step, span<const double> all)
    {
        detail::check(afina_trial_tell_report(handle_, step, all.data(), all.size()));
    }
    /* The objective needs parameters that the study lacks: afina_trial_extend(). */
    void extend(const space &more)
    {
        detail::check(afina_trial_extend(handle_, more.handle()));
    }
    /* The objective does not use these parameters of the point: afina_trial_tell_unused(). */
    void tell_unused(span<const std::string> names)
    {
        const std::vector<const char *> texts = detail::pointers(names);
        detail::check(afina_trial_tell_unused(handle_, texts.data(), texts.size()));
    }
    bool is_unused(const std::string &name) const
    {
        std::int32_t unused = 0;
        detail::check(afina_trial_is_unused(handle_, name.c_str(), &unused));
        return unused != 0;
    }
    bool should_stop()
    {
        std::int32_t stop = 0;
        detail::check(afina_trial_should_stop(handle_, &stop));
        return stop != 0;
    }
    void tell_constraints(span<const double> all)
    {
        detail::check(afina_trial_tell_constraints(handle_, all.data(), all.size()));
    }
    void tell_errors(span<const double> all)
    {
        detail::check(afina_trial_tell_errors(handle_, all.data(), all.size()));
    }
    void tell_checkpoint(const std::string &text)
    {
        detail::check(afina_trial_tell_checkpoint(handle_, text.c_str()));
    }
    void tell_restarted()
    {
        detail::check(afina_trial_tell_restarted(handle_));
    }
    void tell_attribute(const std::string &key, const std::string &text)
    {
        detail::check(afina_trial_tell_attribute(handle_, key.c_str(), text.c_str()));
    }
    afina_trial *handle() const noexcept
    {
        return handle_;
    }

  protected:
    afina_trial *handle_;

  private:
    template <class T> T read(std::int32_t (*question)(const afina_trial *, T *)) const
    {
        T out{};
        detail::check(question(handle_, &out));
        return out;
    }
    std::vector<double> reals(std::int32_t (*question)(const afina_trial *, double *, std::size_t, std::size_t *)) const
    {
        return detail::array<double>([&](double *out, std::size_t capacity, std::size_t *count) {
            return question(handle_, out, capacity, count);
        });
    }
    std::string text(std::int32_t (*question)(const afina_trial *, char *, std::size_t, std::size_t *)) const
    {
        return detail::text([&](char *out, std::size_t capacity, std::size_t *length) {
            return question(handle_, out, capacity, length);
        });
    }
};

/* A trial of one's own handle; it may outlive its optimizer. */
class trial : public trial_view
{
  public:
    static trial own(afina_trial *handle) noexcept
    {
        return trial(handle);
    }
    trial(trial &&other) noexcept : trial_view(other.handle_), owner_(std::move(other.owner_))
    {
        other.handle_ = nullptr;
    }
    trial &operator=(trial &&other) noexcept
    {
        owner_ = std::move(other.owner_);
        handle_ = std::exchange(other.handle_, nullptr);
        return *this;
    }

  private:
    explicit trial(afina_trial *handle) noexcept : trial_view(handle), owner_(handle)
    {
    }
    detail::owner<afina_trial, afina_trial_free> owner_;
};

/* -------------------------------------------------------------- experiments */

/* How rows are divided into training and validation rows: afina_resampling_new(). */
class resampling
{
  public:
    struct rows_of {
        std::vector<std::int64_t> training, validation;
    };

    resampling(const std::string &scheme, std::size_t rows)
    {
        afina_resampling *made = nullptr;
        detail::check(afina_resampling_new(&made, scheme.c_str(), rows));
        owner_.reset(made);
    }
    resampling &set(const std::string &key, double number)
    {
        detail::check(afina_resampling_set_real(handle(), key.c_str(), number));
        return *this;
    }
    template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
    resampling &set(const std::string &key, T number)
    {
        detail::check(afina_resampling_set_integer(handle(), key.c_str(), static_cast<std::int64_t>(number)));
        return *this;
    }
    resampling &set_classes(span<const std::int64_t> labels)
    {
        detail::check(afina_resampling_set_classes(handle(), labels.data(), labels.size()));
        return *this;
    }
    resampling &set_groups(span<const std::int64_t> labels)
    {
        detail::check(afina_resampling_set_groups(handle(), labels.data(), labels.size()));
        return *this;
    }
    std::int64_t count() const
    {
        std::int64_t out = 0;
        detail::check(afina_resampling_count(handle(), &out));
        return out;
    }
    rows_of rows(std::int64_t replicate) const
    {
        rows_of out;
        std::size_t training = 0, validation = 0;
        detail::check(afina_resampling_rows(handle(), replicate, nullptr, 0, &training, nullptr, 0, &validation));
        out.training.resize(training);
        out.validation.resize(validation);
        detail::check(afina_resampling_rows(handle(), replicate, out.training.data(), training, &training,
                                            out.validation.data(), validation, &validation));
        return out;
    }
    resampling inner(std::int64_t replicate, const std::string &scheme) const
    {
        afina_resampling *made = nullptr;
        detail::check(afina_resampling_inner(&made, handle(), replicate, scheme.c_str()));
        return resampling(made);
    }
    afina_resampling *handle() const noexcept
    {
        return owner_.get();
    }

  private:
    explicit resampling(afina_resampling *handle) noexcept : owner_(handle)
    {
    }
    detail::owner<afina_resampling, afina_resampling_free> owner_;
};

/* An objective made of a resampling and f(trial_view, training rows, validation rows), which returns what an objective
 * returns. The rows are span<const std::int64_t>. It lives at least as long as the run that uses it. */
class experiment
{
  public:
    template <class F> experiment(const resampling &rows, F &&f, std::size_t objectives = 1);
    afina_experiment *handle() const noexcept
    {
        return owner_.get();
    }
    detail::pending &pending() const noexcept
    {
        return *pending_;
    }

  private:
    template <class F> struct evaluation {
        F f;
        std::size_t objectives;
    };
    template <class F>
    static std::int32_t call(afina_trial *trial, const std::int64_t *training, std::size_t training_count,
                             const std::int64_t *validation, std::size_t validation_count, double *values, void *user)
    {
        detail::slot<evaluation<F>> &callback = detail::slot_of<evaluation<F>>(user);
        return detail::objective_guarded(callback, [&] {
            detail::store(callback.f.f(trial_view(trial), span<const std::int64_t>(training, training_count),
                                       span<const std::int64_t>(validation, validation_count)),
                          values, callback.f.objectives);
        });
    }
    detail::owner<afina_experiment, afina_experiment_free> owner_;
    std::shared_ptr<detail::pending> pending_;
};

template <class F> experiment::experiment(const resampling &rows, F &&f, std::size_t objectives)
{
    using Function = std::decay_t<F>;
    pending_ =
        detail::install(evaluation<Function>{std::forward<F>(f), objectives}, [&](void *user, afina_release release) {
            afina_experiment *made = nullptr;
            const std::int32_t status = afina_experiment_new(&made, rows.handle(), &call<Function>, user, release);
            owner_.reset(made);
            return status;
        });
}

/* ---------------------------------------------------------------- optimizer */

class model;

/* A study: space, method, and the log of all that was asked and told. */
class optimizer
{
  public:
    struct cost_of {
        double spent, promised;
    };
    struct conclusion_of {
        std::int64_t arm;
        bool decided;
        double gap;
    };
    struct log_piece {
        std::string text;
        std::int64_t next;
    };
    struct findings {
        std::vector<std::string> problems, notes;
    };
    struct simulation {
        afina::news news;
        double seconds, busy;
    };
    /* What comes next of a trial in simulated time: so many seconds later a report, or with `last` the end. */
    struct occurrence {
        double step, value, seconds;
        bool last;
    };

    explicit optimizer(const space &of, const std::string &method = "auto") : slots_(std::make_unique<slots>())
    {
        afina_optimizer *made = nullptr;
        detail::check(afina_optimizer_new(&made, of.handle(), method.c_str()));
        owner_.reset(made);
        slots_->filter = of.filter_pending();
    }
    static optimizer from_log(const std::string &log)
    {
        afina_optimizer *made = nullptr;
        detail::check(afina_optimizer_from_log(&made, log.data(), log.size()));
        return own(made);
    }
    /* A study in a store: "sqlite:PATH" or "memory:". A new one needs the space; no method is the
     * study's, or "auto". */
    static optimizer open(const std::string &url, const std::string &name, opening mode = opening::existing)
    {
        return open_with(url, name, nullptr, nullptr, mode);
    }
    static optimizer open(const std::string &url, const std::string &name, const afina::space &of,
                          const std::string &method = {}, opening mode = opening::create)
    {
        optimizer made = open_with(url, name, of.handle(), method.empty() ? nullptr : method.c_str(), mode);
        made.slots_->filter = of.filter_pending();
        return made;
    }
    static optimizer own(afina_optimizer *handle)
    {
        return optimizer(handle);
    }

    /* Options; afina_optimizer_set_integer() lists them. */
    template <class T> optimizer &set(const std::string &key, const T &of)
    {
        if constexpr (std::is_integral_v<T>)
            detail::check(afina_optimizer_set_integer(handle(), key.c_str(), static_cast<std::int64_t>(of)));
        else if constexpr (std::is_floating_point_v<T>)
            detail::check(afina_optimizer_set_real(handle(), key.c_str(), static_cast<double>(of)));
        else if constexpr (std::is_convertible_v<const T &, std::string>)
            detail::check(afina_optimizer_set_string(handle(), key.c_str(), std::string(of).c_str()));
        else
            set_reals(key, of);
        return *this;
    }
    optimizer &set_reals(const std::string &key, span<const double> numbers)
    {
        detail::check(afina_optimizer_set_reals(handle(), key.c_str(), numbers.data(), numbers.size()));
        return *this;
    }
    std::int64_t get_integer(const std::string &key) const
    {
        std::int64_t out = 0;
        detail::check(afina_optimizer_get_integer(handle(), key.c_str(), &out));
        return out;
    }
    double get_real(const std::string &key) const
    {
        double out = 0;
        detail::check(afina_optimizer_get_real(handle(), key.c_str(), &out));
        return out;
    }
    std::string get_string(const std::string &key) const
    {
        return detail::text([&](char *text, std::size_t capacity, std::size_t *length) {
            return afina_optimizer_get_string(handle(), key.c_str(), text, capacity, length);
        });
    }
    std::vector<double> get_reals(const std::string &key) const
    {
        return detail::array<double>([&](double *out, std::size_t capacity, std::size_t *count) {
            return afina_optimizer_get_reals(handle(), key.c_str(), out, capacity, count);
        });
    }
    afina::space space() const
    {
        afina_space *made = nullptr;
        detail::check(afina_optimizer_get_space(handle(), &made));
        return afina::space::own(made, get(slots_->filter));
    }
    /* The space as the study began with it. */
    afina::space declared_space() const
    {
        afina_space *made = nullptr;
        detail::check(afina_optimizer_get_declared_space(handle(), &made));
        return afina::space::own(made, get(slots_->filter));
    }
    /* The space grows while the study runs: afina_optimizer_extend(); with a number as trial.extend() does. */
    void extend(const afina::space &more)
    {
        answered(afina_optimizer_extend(handle(), more.handle()));
    }
    void extend(std::int64_t number, const afina::space &more)
    {
        answered(afina_extend(handle(), number, more.handle()));
    }
    std::string method() const
    {
        const char *name = nullptr;
        detail::check(afina_optimizer_get_method(handle(), &name));
        return name;
    }

    /* f(point_view) -> bool; f(event, trial_view, report); f(level, std::string_view). What one of them throws ends the
     * run, or the next ask, and is thrown from there. */
    template <class F> optimizer &set_filter(F &&f)
    {
        keep(slots_->filter, detail::install(std::forward<F>(f), [&](void *user, afina_release release) {
                 return afina_optimizer_set_filter(handle(), &detail::call_filter<std::decay_t<F>>, user, release);
             }));
        return *this;
    }
    template <class F> optimizer &set_observer(F &&f)
    {
        keep(slots_->observer, detail::install(std::forward<F>(f), [&](void *user, afina_release release) {
                 return afina_optimizer_set_observer(handle(), &observe<std::decay_t<F>>, user, release);
             }));
        return *this;
    }
    template <class F> optimizer &set_message(F &&f)
    {
        keep(slots_->message, detail::install(std::forward<F>(f), [&](void *user, afina_release release) {
                 return afina_optimizer_set_message(handle(), &hear<std::decay_t<F>>, user, release);
             }));
        return *this;
    }

    /* The next trial, or none, and then why: done, exhausted or wait. */
    std::optional<trial> ask(news &why)
    {
        afina_trial *made = nullptr;
        const std::int32_t status = afina_ask(handle(), &made);
        return asked(status, made, why);
    }
    std::optional<trial> ask()
    {
        news why{};
        return ask(why);
    }
    /* Sleeps instead of answering news::wait, for at most so long. */
    std::optional<trial> ask_wait(news &why,
                                  std::chrono::duration<double> most = std::chrono::duration<double>(INFINITY))
    {
        afina_trial *made = nullptr;
        const std::int32_t status = afina_ask_wait(handle(), most.count(), &made);
        return asked(status, made, why);
    }
    trial start(point_view of)
    {
        afina_trial *made = nullptr;
        detail::check(afina_start(handle(), of.handle(), &made));
        return trial::own(made);
    }
    void enqueue(point_view of)
    {
        detail::check(afina_enqueue(handle(), of.handle()));
    }
    /* A result obtained elsewhere; its number. */
    std::int64_t add_trial(point_view of, span<const double> values)
    {
        std::int64_t number = -1;
        detail::check(
            afina_add_trial(handle(), of.handle(), AFINA_STATE_COMPLETE, values.data(), values.size(), &number));
        return number;
    }
    std::int64_t add_trial(point_view of, double only)
    {
        return add_trial(of, span<const double>(&only, 1));
    }
    std::int64_t add_trial(point_view of, afina::state state)
    {
        std::int64_t number = -1;
        detail::check(afina_add_trial(handle(), of.handle(), detail::raw(state), nullptr, 0, &number));
        return number;
    }
    /* By number, for what comes without the trial's handle. */
    void tell(std::int64_t number, double only)
    {
        detail::check(afina_tell(handle(), number, &only, 1));
    }
    void tell(std::int64_t number, span<const double> values)
    {
        detail::check(afina_tell(handle(), number, values.data(), values.size()));
    }
    void tell_failed(std::int64_t number, const std::string &reason = {})
    {
        detail::check(afina_tell_failed(handle(), number, detail::optional_text(reason)));
    }
    void tell_infeasible(std::int64_t number, const std::string &reason = {})
    {
        detail::check(afina_tell_infeasible(handle(), number, detail::optional_text(reason)));
    }
    void tell_stopped(std::int64_t number)
    {
        detail::check(afina_tell_stopped(handle(), number));
    }
    void tell_lost(std::int64_t number, const std::string &reason = {})
    {
        detail::check(afina_tell_lost(handle(), number, detail::optional_text(reason)));
    }
    void tell_report(std::int64_t number, double step, double only)
    {
        detail::check(afina_tell_report(handle(), number, step, &only, 1));
    }
    void tell_report(std::int64_t number, double step, span<const double> values)
    {
        detail::check(afina_tell_report(handle(), number, step, values.data(), values.size()));
    }
    void tell_constraints(std::int64_t number, span<const double> values)
    {
        detail::check(afina_tell_constraints(handle(), number, values.data(), values.size()));
    }
    void tell_errors(std::int64_t number, span<const double> errors)
    {
        detail::check(afina_tell_errors(handle(), number, errors.data(), errors.size()));
    }
    void tell_checkpoint(std::int64_t number, const std::string &text)
    {
        detail::check(afina_tell_checkpoint(handle(), number, text.c_str()));
    }
    void tell_restarted(std::int64_t number)
    {
        detail::check(afina_tell_restarted(handle(), number));
    }
    void tell_attribute(std::int64_t number, const std::string &key, const std::string &text)
    {
        detail::check(afina_tell_attribute(handle(), number, key.c_str(), text.c_str()));
    }
    void tell_unused(std::int64_t number, span<const std::string> names)
    {
        const std::vector<const char *> texts = detail::pointers(names);
        detail::check(afina_tell_unused(handle(), number, texts.data(), texts.size()));
    }
    bool should_stop(std::int64_t number)
    {
        std::int32_t stop = 0;
        detail::check(afina_should_stop(handle(), number, &stop));
        return stop != 0;
    }

    /* Asks, evaluates and tells up to `trials` trials. f(trial_view) returns a number; with several objectives a
     * container of numbers; or a std::optional of either, empty where the trial was told to stop. It may throw
     * trial_failed, trial_infeasible and run_cancelled; any other exception fails the trial and ends the run. With the
     * option `workers` above 1 it is called from several threads. */
    template <class F, class = std::enable_if_t<std::is_invocable_v<F &, trial_view>>>
    news optimize(F &&f, std::int64_t trials)
    {
        objective<std::remove_reference_t<F>> call(f, objectives());
        return static_cast<news>(answered(afina_optimize(handle(), &call.evaluate, &call, trials), &call));
    }
    news optimize(const experiment &of, std::int64_t trials)
    {
        return static_cast<news>(
            answered(afina_optimize(handle(), afina_experiment_objective, of.handle(), trials), &of.pending()));
    }
    /* f(trial_view, index) -> occurrence. */
    template <class F> simulation simulate(F &&f, std::int64_t workers, std::int64_t trials)
    {
        simulated<std::remove_reference_t<F>> call(f);
        simulation out{};
        out.news = static_cast<news>(
            answered(afina_simulate(handle(), &call.next, &call, workers, trials, &out.seconds, &out.busy), &call));
        return out;
    }
    /* What is wrong with an objective, before the search. */
    template <class F> findings dry_run(F &&f) const
    {
        objective<std::remove_reference_t<F>> call(f, objectives());
        afina_dry_run *made = nullptr;
        answered(afina_dry_run_new(&made, handle(), &call.evaluate, &call));
        const detail::owner<afina_dry_run, afina_dry_run_free> run(made);
        findings out;
        for (std::size_t i = 0; i < afina_dry_run_finding_count(made); i++)
            (i < afina_dry_run_problem_count(made) ? out.problems : out.notes)
                .emplace_back(afina_dry_run_finding(made, i));
        return out;
    }
    void cancel() noexcept
    {
        static_cast<void>(afina_cancel(handle()));
    }

    trial best()
    {
        afina_trial *made = nullptr;
        detail::check(afina_best(handle(), &made));
        return trial::own(made);
    }
    afina::model model(std::size_t output = 0);

    /* Trials by number, and all of them in a loop: for (const afina::trial &trial : optimizer). */
    std::int64_t size() const
    {
        std::int64_t count = 0;
        detail::check(afina_trial_count(handle(), &count));
        return count;
    }
    trial operator[](std::int64_t number) const
    {
        afina_trial *made = nullptr;
        detail::check(afina_trial_get(handle(), number, &made));
        return trial::own(made);
    }
    class iterator
    {
      public:
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::input_iterator_tag;
        using value_type = trial;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = trial;

        iterator() noexcept = default;
        iterator(const optimizer *of, std::int64_t number) noexcept : of_(of), number_(number)
        {
        }
        trial operator*() const
        {
            return (*of_)[number_];
        }
        iterator &operator++() noexcept
        {
            number_++;
            return *this;
        }
        iterator operator++(int) noexcept
        {
            iterator before = *this;
            number_++;
            return before;
        }
        friend bool operator==(const iterator &a, const iterator &b) noexcept
        {
            return a.number_ == b.number_;
        }
        friend bool operator!=(const iterator &a, const iterator &b) noexcept
        {
            return a.number_ != b.number_;
        }

      private:
        const optimizer *of_ = nullptr;
        std::int64_t number_ = 0;
    };
    iterator begin() const noexcept
    {
        return iterator(this, 0);
    }
    iterator end() const
    {
        return iterator(this, size());
    }

    /* Columns: one property of the trials first, first + 1, ... */
    std::vector<double> values(std::size_t of = 0, std::int64_t first = 0) const
    {
        return column<double>([&](auto... rest) { return afina_column_values(handle(), of, first, rest...); });
    }
    std::vector<double> reals(const std::string &name, std::int64_t first = 0) const
    {
        return column<double>([&](auto... rest) { return afina_column_reals(handle(), name.c_str(), first, rest...); });
    }
    /* 0 where the parameter is not active. */
    std::vector<std::int64_t> integers(const std::string &name, std::int64_t first = 0) const
    {
        return column<std::int64_t>([&](std::int64_t *out, std::size_t capacity, std::size_t *count) {
            return afina_column_integers(handle(), name.c_str(), first, out, nullptr, capacity, count);
        });
    }
    /* The index of the choice, -1 where the parameter is not active. */
    std::vector<std::int32_t> choices(const std::string &name, std::int64_t first = 0) const
    {
        return column<std::int32_t>(
            [&](auto... rest) { return afina_column_choices(handle(), name.c_str(), first, rest...); });
    }
    std::vector<state> states(std::int64_t first = 0) const
    {
        return numbered<state>([&](auto... rest) { return afina_column_states(handle(), first, rest...); });
    }
    std::vector<origin> origins(std::int64_t first = 0) const
    {
        return numbered<origin>([&](auto... rest) { return afina_column_origins(handle(), first, rest...); });
    }
    /* In milliseconds since 1970; afina_column_started(). */
    std::vector<std::int64_t> started(std::int64_t first = 0) const
    {
        return column<std::int64_t>([&](auto... rest) { return afina_column_started(handle(), first, rest...); });
    }
    std::vector<std::int64_t> ended(std::int64_t first = 0) const
    {
        return column<std::int64_t>([&](auto... rest) { return afina_column_ended(handle(), first, rest...); });
    }
    /* The same into memory of the caller, as far as it goes; how many there are. */
    std::size_t values_into(span<double> out, std::size_t of = 0, std::int64_t first = 0) const
    {
        std::size_t count = 0;
        detail::check(afina_column_values(handle(), of, first, out.data(), out.size(), &count));
        return count;
    }
    std::vector<std::optional<std::string>> attributes(const std::string &key, std::int64_t first = 0) const
    {
        std::vector<std::optional<std::string>> out;
        for (const char *text : column<const char *>(
                 [&](auto... rest) { return afina_column_attributes(handle(), key.c_str(), first, rest...); }))
            out.push_back(text ? std::optional<std::string>(text) : std::nullopt);
        return out;
    }
    std::vector<std::int64_t> running() const
    {
        return column<std::int64_t>([&](auto... rest) { return afina_running_trials(handle(), rest...); });
    }

    cost_of cost() const
    {
        cost_of out{};
        detail::check(afina_optimizer_cost(handle(), &out.spent, &out.promised));
        return out;
    }
    std::vector<std::int64_t> stale_checkpoints()
    {
        return column<std::int64_t>([&](auto... rest) { return afina_stale_checkpoints(handle(), rest...); });
    }
    conclusion_of conclusion()
    {
        conclusion_of out{};
        std::int32_t decided = 0;
        detail::check(afina_conclusion(handle(), &out.arm, &decided, &out.gap));
        out.decided = decided != 0;
        return out;
    }
    void set_attribute(const std::string &key, const std::string &text)
    {
        detail::check(afina_optimizer_set_attribute(handle(), key.c_str(), text.c_str()));
    }
    std::optional<std::string> attribute(const std::string &key) const
    {
        std::size_t length = 0;
        if (afina_optimizer_get_attribute(handle(), key.c_str(), nullptr, 0, &length) == AFINA_E_NOT_FOUND)
            return std::nullopt;
        return detail::text([&](char *text, std::size_t capacity, std::size_t *size) {
            return afina_optimizer_get_attribute(handle(), key.c_str(), text, capacity, size);
        });
    }
    std::vector<std::string> attribute_keys() const
    {
        std::size_t count = 0;
        detail::check(afina_optimizer_attribute_count(handle(), &count));
        std::vector<std::string> out;
        for (std::size_t i = 0; i < count; i++)
            out.push_back(detail::text([&](char *text, std::size_t capacity, std::size_t *length) {
                return afina_optimizer_attribute_key(handle(), i, text, capacity, length);
            }));
        return out;
    }

    std::string log() const
    {
        return detail::text([&](char *text, std::size_t capacity, std::size_t *length) {
            return afina_optimizer_to_log(handle(), text, capacity, length);
        });
    }
    /* As many whole lines from a position on as there are, up to about `most` bytes, but one at least. */
    log_piece log_read(std::int64_t position, std::size_t most = 65536) const
    {
        log_piece out{std::string(most + 1, '\0'), position};
        std::size_t length = 0;
        std::int32_t status = 0;
        while ((status = afina_log_read(handle(), position, out.text.data(), out.text.size(), &length, &out.next)) ==
                   AFINA_E_RANGE &&
               length >= out.text.size())
            out.text.resize(length + 1);
        detail::check(status);
        out.text.resize(length);
        return out;
    }
    /* Takes in lines of another process. news::stale: another line stands here at `next`, and nothing was taken in. */
    news log_append(std::int64_t position, std::string_view lines, std::int64_t *next = nullptr)
    {
        return static_cast<news>(detail::check(afina_log_append(handle(), position, lines.data(), lines.size(), next)));
    }
    void log_rewind(std::int64_t position)
    {
        detail::check(afina_log_rewind(handle(), position));
    }
    /* Takes in what other processes wrote to the store, and waits for it at most so long: how many lines there were. */
    std::int64_t refresh(double seconds = 0)
    {
        std::int64_t lines = 0;
        answered(afina_optimizer_refresh(handle(), seconds, &lines));
        return lines;
    }
    std::int64_t log_length() const
    {
        std::int64_t lines = 0;
        detail::check(afina_log_length(handle(), &lines));
        return lines;
    }
    /* Derives every suggestion anew; throws AFINA_E_REPLAY where one differs, and its text says which. */
    void replay() const
    {
        std::int64_t number = -1;
        answered(afina_optimizer_replay(handle(), &number));
    }

    afina_optimizer *handle() const noexcept
    {
        return owner_.get();
    }
    /* For compare_methods(): an optimizer that is the library's, and whose handle is given back. */
    static optimizer lend(afina_optimizer *handle)
    {
        return own(handle);
    }
    void give_back() noexcept
    {
        static_cast<void>(owner_.release());
    }
    /* For the classes of this header: throws what a callback threw, or the error of the library. */
    std::int32_t answered(std::int32_t status, detail::pending *own_callback = nullptr) const
    {
        if (status == AFINA_E_CALLBACK) {
            try {
                if (own_callback)
                    own_callback->rethrow();
            } catch (const error &passed_on) { /* trial.extend() says so of a filter that threw */
                if (passed_on.status() == AFINA_E_CALLBACK)
                    rethrow_kept();
                throw;
            }
            rethrow_kept();
        }
        return detail::check(status);
    }

  private:
    struct slots {
        std::mutex mutex;
        std::shared_ptr<detail::pending> filter, observer, message;
    };
    template <class F> struct objective : detail::pending {
        objective(F &function, std::size_t objectives) : f(function), count(objectives)
        {
        }
        static std::int32_t evaluate(afina_trial *trial, double *values, void *user)
        {
            objective &self = *static_cast<objective *>(user);
            return detail::objective_guarded(self,
                                             [&] { detail::store(self.f(trial_view(trial)), values, self.count); });
        }
        F &f;
        std::size_t count;
    };
    template <class F> struct simulated : detail::pending {
        explicit simulated(F &function) : f(function)
        {
        }
        static std::int32_t next(afina_trial *trial, std::int64_t index, double *step, double *values, double *seconds,
                                 void *user)
        {
            simulated &self = *static_cast<simulated *>(user);
            bool last = false;
            *seconds = 0; /* of one that throws */
            const std::int32_t status = detail::objective_guarded(self, [&] {
                const occurrence then = self.f(trial_view(trial), index);
                *step = then.step;
                values[0] = then.value;
                *seconds = then.seconds;
                last = then.last;
            });
            return status == AFINA_OK && last ? AFINA_DONE : status;
        }
        F &f;
    };

    explicit optimizer(afina_optimizer *handle) : owner_(handle), slots_(std::make_unique<slots>())
    {
    }
    static optimizer open_with(const std::string &url, const std::string &name, const afina_space *of,
                               const char *method, opening mode)
    {
        afina_optimizer *made = nullptr;
        detail::check(
            afina_optimizer_open(url.c_str(), name.c_str(), of, method, static_cast<std::int32_t>(mode), &made));
        return own(made);
    }
    void rethrow_kept() const
    {
        for (const auto &callback : {get(slots_->filter), get(slots_->observer), get(slots_->message)})
            if (callback)
                callback->rethrow();
    }
    std::shared_ptr<detail::pending> get(const std::shared_ptr<detail::pending> &which) const
    {
        const std::lock_guard<std::mutex> lock(slots_->mutex);
        return which;
    }
    void keep(std::shared_ptr<detail::pending> &which, std::shared_ptr<detail::pending> callback)
    {
        const std::lock_guard<std::mutex> lock(slots_->mutex);
        which = std::move(callback);
    }
    std::size_t objectives() const
    {
        return static_cast<std::size_t>(get_integer("objectives"));
    }
    std::optional<trial> asked(std::int32_t status, afina_trial *made, news &why)
    {
        why = static_cast<news>(answered(status));
        return made ? std::optional<trial>(trial::own(made)) : std::nullopt;
    }
    template <class F>
    static std::int32_t observe(std::int32_t what, afina_trial *trial, std::int64_t report, void *user)
    {
        detail::slot<F> &callback = detail::slot_of<F>(user);
        return detail::guarded(callback, [&]() -> std::int32_t {
            callback.f(static_cast<event>(what), trial_view(trial), report);
            return AFINA_OK;
        });
    }
    template <class F> static std::int32_t hear(std::int32_t how, const char *text, void *user)
    {
        detail::slot<F> &callback = detail::slot_of<F>(user);
        return detail::guarded(callback, [&]() -> std::int32_t {
            callback.f(static_cast<level>(how), std::string_view(text));
            return AFINA_OK;
        });
    }
    template <class T, class F> static std::vector<T> column(F call)
    {
        return detail::array<T>(
            [&](T *out, std::size_t capacity, std::size_t *count) { return call(out, capacity, count); });
    }
    template <class E, class F> static std::vector<E> numbered(F call)
    {
        std::vector<E> out;
        for (const std::int32_t number : column<std::int32_t>(call))
            out.push_back(static_cast<E>(number));
        return out;
    }

    detail::owner<afina_optimizer, afina_optimizer_free> owner_;
    std::unique_ptr<slots> slots_;
};

/* -------------------------------------------------------------------- model */

/* What the optimizer's model has learned of an output; afina.h, "model". Refers to the optimizer. */
class model
{
  public:
    struct distribution {
        double mean, sd;
    };
    struct regret_of {
        double bound, noise;
    };
    struct leave_one_out_of {
        std::vector<std::int64_t> numbers;
        std::vector<double> means, sds, residuals;
    };

    model(optimizer &of, std::size_t output) noexcept : of_(&of), output_(output)
    {
    }
    distribution predict(point_view at) const
    {
        distribution out{};
        of_->answered(afina_model_predict(of_->handle(), output_, at.handle(), &out.mean, &out.sd));
        return out;
    }
    double quantile(point_view at, double p) const
    {
        double out = 0;
        of_->answered(afina_model_quantile(of_->handle(), output_, at.handle(), p, &out));
        return out;
    }
    double noise(point_view at) const
    {
        double out = 0;
        of_->answered(afina_model_noise(of_->handle(), output_, at.handle(), &out));
        return out;
    }
    /* One row for each draw, with a value for each point. */
    std::vector<std::vector<double>> draws(span<const point> points, std::size_t draws, std::uint64_t seed) const
    {
        std::vector<const afina_point *> handles;
        for (const point &at : points)
            handles.push_back(at.handle());
        const std::vector<double> flat =
            detail::array<double>([&](double *out, std::size_t capacity, std::size_t *count) {
                return of_->answered(afina_model_draws(of_->handle(), output_, handles.data(), handles.size(), draws,
                                                       seed, out, capacity, count));
            });
        return detail::rows(flat, handles.size());
    }
    double length_scale(const std::string &name) const
    {
        double out = 0;
        of_->answered(afina_model_length_scale(of_->handle(), output_, name.c_str(), &out));
        return out;
    }
    std::vector<double> importances() const
    {
        return detail::array<double>([&](double *out, std::size_t capacity, std::size_t *count) {
            return of_->answered(afina_model_importances(of_->handle(), output_, out, capacity, count));
        });
    }
    double importance(const std::string &name) const
    {
        double out = 0;
        of_->answered(afina_model_importance(of_->handle(), output_, name.c_str(), &out));
        return out;
    }
    std::vector<point> optima(std::size_t draws, std::uint64_t seed) const
    {
        std::vector<afina_point *> handles(draws, nullptr);
        of_->answered(afina_model_optima(of_->handle(), output_, draws, seed, handles.data()));
        std::vector<point> out;
        for (afina_point *handle : handles)
            out.push_back(point::own(handle));
        return out;
    }
    std::pair<double, double> range(const std::string &name, double share, std::uint64_t seed) const
    {
        std::pair<double, double> out;
        of_->answered(afina_model_range(of_->handle(), output_, name.c_str(), share, seed, &out.first, &out.second));
        return out;
    }
    std::vector<double> choice_shares(const std::string &name, std::uint64_t seed) const
    {
        return detail::array<double>([&](double *out, std::size_t capacity, std::size_t *count) {
            return of_->answered(
                afina_model_choice_shares(of_->handle(), output_, name.c_str(), seed, out, capacity, count));
        });
    }
    point simplify(point_view at) const
    {
        afina_point *made = nullptr;
        of_->answered(afina_model_simplify(of_->handle(), output_, at.handle(), &made));
        return point::own(made);
    }
    regret_of regret() const
    {
        regret_of out{};
        of_->answered(afina_model_regret(of_->handle(), output_, &out.bound, &out.noise));
        return out;
    }
    leave_one_out_of leave_one_out() const
    {
        leave_one_out_of out;
        std::size_t count = 0, room = 0;
        do {
            room = count;
            out.numbers.resize(room);
            out.means.resize(room);
            out.sds.resize(room);
            out.residuals.resize(room);
            of_->answered(afina_model_leave_one_out(of_->handle(), output_, out.numbers.data(), out.means.data(),
                                                    out.sds.data(), out.residuals.data(), room, &count));
        } while (count > room);
        return out;
    }
    /* The best trial with the luck of noisy results left out. */
    trial best() const
    {
        afina_trial *made = nullptr;
        of_->answered(afina_model_best(of_->handle(), output_, &made));
        return trial::own(made);
    }

  private:
    optimizer *of_;
    std::size_t output_;
};

inline model optimizer::model(std::size_t output)
{
    return afina::model(*this, output);
}

/* ------------------------------------------------------------- final answer */

/* The winner without its luck, its rivals, and whether it is better than the default: afina_final_new(). */
class final_answer
{
  public:
    struct winner_of {
        std::int64_t arm;
        double value, shrunk, low, high;
    };
    struct comparison_of {
        std::int64_t arm;
        double difference, low, high, p;
        afina::verdict verdict;
    };

    explicit final_answer(optimizer &of, double confidence = 0.95, double ratio = 0)
    {
        afina_final *made = nullptr;
        of.answered(afina_final_new(&made, of.handle(), confidence, ratio));
        owner_.reset(made);
    }
    winner_of winner() const
    {
        winner_of out{};
        detail::check(afina_final_winner(handle(), &out.arm, &out.value, &out.shrunk, &out.low, &out.high));
        return out;
    }
    std::vector<std::int64_t> rivals() const
    {
        return detail::array<std::int64_t>([&](std::int64_t *out, std::size_t capacity, std::size_t *count) {
            return afina_final_rivals(handle(), out, capacity, count);
        });
    }
    std::int64_t simplest() const
    {
        std::int64_t arm = -1;
        detail::check(afina_final_simplest(handle(), &arm));
        return arm;
    }
    /* Nothing when the default was not tried. */
    std::optional<comparison_of> versus_default() const
    {
        comparison_of out{};
        std::int32_t verdict = 0;
        const std::int32_t status =
            afina_final_default(handle(), &out.arm, &out.difference, &out.low, &out.high, &out.p, &verdict);
        if (status == AFINA_E_NOT_FOUND)
            return std::nullopt;
        detail::check(status);
        out.verdict = static_cast<afina::verdict>(verdict);
        return out;
    }
    afina_final *handle() const noexcept
    {
        return owner_.get();
    }

  private:
    detail::owner<afina_final, afina_final_free> owner_;
};

/* --------------------------------------------------------------- statistics */

/* Numbers in rows of one length, as statistics take them: rows in braces or of any container of containers, which are
 * copied, or a view of elements that lie row after row somewhere else. */
class table
{
  public:
    table(span<const double> elements, std::size_t columns)
        : view_(elements), rows_(columns ? elements.size() / columns : 0), columns_(columns)
    {
        if (columns == 0 || elements.size() % columns != 0)
            throw error(AFINA_E_RANGE, "table: " + std::to_string(elements.size()) + " elements are no rows of " +
                                           std::to_string(columns));
    }
    table(std::initializer_list<std::initializer_list<double>> rows)
    {
        for (const auto &row : rows)
            add(row);
    }
    template <class R, class Row = decltype(*std::declval<const R &>().begin()),
              class = std::enable_if_t<detail::is_container<const std::decay_t<Row>>::value>>
    table(const R &rows)
    {
        for (const auto &row : rows)
            add(row);
    }
    const double *data() const noexcept
    {
        return copy_.empty() ? view_.data() : copy_.data();
    }
    std::size_t rows() const noexcept
    {
        return rows_;
    }
    std::size_t columns() const noexcept
    {
        return columns_;
    }

  private:
    template <class Row> void add(const Row &row)
    {
        const std::size_t before = copy_.size();
        for (const auto &element : row)
            copy_.push_back(static_cast<double>(element));
        const std::size_t added = copy_.size() - before;
        if (rows_ == 0)
            columns_ = added;
        if (added != columns_)
            throw error(AFINA_E_RANGE, "table: row " + std::to_string(rows_) + " has " + std::to_string(added) +
                                           " elements, row 0 has " + std::to_string(columns_));
        rows_++;
    }
    std::vector<double> copy_;
    span<const double> view_;
    std::size_t rows_ = 0, columns_ = 0;
};

/* A value with its standard error. */
struct estimate {
    double value, error;
};

/* A value, and the interval that holds the true one. */
struct interval {
    double value, low, high;
};

/* One number of the values of replicates, and its error: afina_aggregate(). */
inline estimate aggregate(span<const double> values, afina::direction direction, const std::string &rule = "mean",
                          double parameter = NAN, double ratio = 0)
{
    estimate out{};
    detail::check(afina_aggregate(values.data(), values.size(), detail::raw(direction), rule.c_str(), parameter, ratio,
                                  &out.value, &out.error));
    return out;
}

/* The .632 estimate of an error; with the error where nothing can be learned, the .632+ estimate:
 * afina_resampling_632(). */
inline double resampling_632(double training_error, double out_of_bag_error, double no_information = NAN)
{
    double out = 0;
    detail::check(afina_resampling_632(training_error, out_of_bag_error, no_information, &out));
    return out;
}

struct additive_effects {
    std::vector<double> effects, errors, fold_effects;
    double variance, freedom;
};

/* Effects of arms (rows) and folds (columns), NaN where an arm was not evaluated on a fold: afina_additive_fit(). */
inline additive_effects additive_fit(const table &values)
{
    additive_effects out{std::vector<double>(values.rows()), std::vector<double>(values.rows()),
                         std::vector<double>(values.columns()), 0, 0};
    detail::check(afina_additive_fit(values.data(), values.rows(), values.columns(), out.effects.data(),
                                     out.errors.data(), out.fold_effects.data(), &out.variance, &out.freedom));
    return out;
}

namespace detail
{

inline std::vector<bool> flags(const std::vector<std::int32_t> &numbers)
{
    std::vector<bool> out;
    for (const std::int32_t number : numbers)
        out.push_back(number != 0);
    return out;
}

} // namespace detail

/* Which arms (rows) are surely worse than the arm `best` and need no further fold (columns, NaN where not yet):
 * afina_fold_race(). */
inline std::vector<bool> fold_race(const table &values, afina::direction direction, std::size_t best,
                                   double threshold = NAN)
{
    std::vector<std::int32_t> dropped(values.rows());
    detail::check(afina_fold_race(values.data(), values.rows(), values.columns(), detail::raw(direction), best,
                                  threshold, dropped.data()));
    return detail::flags(dropped);
}

struct winner_without_luck {
    std::size_t winner;
    double shrunk, low, high;
};

/* The best of several estimates, and what is left of it without its luck: afina_winner(). */
inline winner_without_luck winner(span<const double> values, span<const double> errors, afina::direction direction,
                                  double confidence = 0.95)
{
    winner_without_luck out{};
    detail::same_size("values", values.size(), "errors", errors.size());
    detail::check(afina_winner(values.data(), errors.data(), values.size(), detail::raw(direction), confidence,
                               &out.winner, &out.shrunk, &out.low, &out.high));
    return out;
}

/* Which estimates cannot be told apart from the best: afina_winner_rivals(). */
inline std::vector<bool> winner_rivals(span<const double> values, span<const double> errors, afina::direction direction,
                                       double confidence = 0.95)
{
    detail::same_size("values", values.size(), "errors", errors.size());
    std::vector<std::int32_t> in_set(values.size());
    detail::check(afina_winner_rivals(values.data(), errors.data(), values.size(), detail::raw(direction), confidence,
                                      in_set.data()));
    return detail::flags(in_set);
}

/* The cheapest of those within so many standard errors of the best: afina_winner_simplest(). */
inline std::size_t winner_simplest(span<const double> values, span<const double> errors, span<const double> costs,
                                   afina::direction direction, double within = 1)
{
    std::size_t chosen = 0;
    detail::same_size("values", values.size(), "errors", errors.size());
    detail::same_size("values", values.size(), "costs", costs.size());
    detail::check(afina_winner_simplest(values.data(), errors.data(), costs.data(), values.size(),
                                        detail::raw(direction), within, &chosen));
    return chosen;
}

struct winner_on_rows {
    double naive, estimate, low, high;
};

/* What the choice of the best configuration is worth, from its loss on every row of data: afina_winner_rows(). */
inline winner_on_rows winner_rows(const table &values, afina::direction direction, std::int64_t draws,
                                  std::uint64_t seed, double confidence = 0.95)
{
    winner_on_rows out{};
    detail::check(afina_winner_rows(values.data(), values.rows(), values.columns(), detail::raw(direction), draws, seed,
                                    confidence, &out.naive, &out.estimate, &out.low, &out.high));
    return out;
}

/* Intervals for the prediction error of one model: afina_interval_resampled() tells of all. */
inline interval interval_resampled(span<const double> values, double ratio, double confidence = 0.95)
{
    interval out{};
    detail::check(
        afina_interval_resampled(values.data(), values.size(), ratio, confidence, &out.value, &out.low, &out.high));
    return out;
}
inline interval interval_halves(double estimate, span<const double> first, span<const double> second,
                                double confidence = 0.95)
{
    interval out{estimate, 0, 0};
    detail::same_size("first", first.size(), "second", second.size());
    detail::check(
        afina_interval_halves(estimate, first.data(), second.data(), first.size(), confidence, &out.low, &out.high));
    return out;
}
inline interval interval_nested(span<const double> inner, span<const double> outer, span<const double> variances,
                                std::size_t fold_count, double cv, double cv_error, double confidence = 0.95)
{
    interval out{};
    detail::same_size("inner", inner.size(), "outer", outer.size());
    detail::same_size("inner", inner.size(), "variances", variances.size());
    detail::check(afina_interval_nested(inner.data(), outer.data(), variances.data(), inner.size(), fold_count, cv,
                                        cv_error, confidence, &out.value, &out.low, &out.high));
    return out;
}

/* ---------------------------------------------------------- comparing methods */

/* One study of `trials` trials with f for each method and each of the seeds 0..seeds-1: result[seed][method] is its
 * best value, NaN where there is none. setup(optimizer &, method, seed) sets options first. */
template <class F, class Setup>
std::vector<std::vector<double>> compare_methods(const space &of, span<const std::string> methods, std::int64_t trials,
                                                 std::size_t seeds, F &&f, Setup &&setup)
{
    struct calls : detail::pending {
        calls(std::remove_reference_t<F> &function, std::remove_reference_t<Setup> &options)
            : f(function), setup(options)
        {
        }
        static std::int32_t evaluate(afina_trial *trial, double *values, void *user)
        {
            calls &self = *static_cast<calls *>(user);
            return detail::objective_guarded(self, [&] { detail::store(self.f(trial_view(trial)), values, 1); });
        }
        static std::int32_t prepare(afina_optimizer *handle, std::size_t method, std::int64_t seed, void *user)
        {
            calls &self = *static_cast<calls *>(user);
            return detail::guarded(self, [&]() -> std::int32_t {
                borrowed lent(handle);
                self.setup(lent.optimizer, method, seed);
                return AFINA_OK;
            });
        }
        /* The optimizer is the library's: the handle is not freed here. */
        struct borrowed {
            explicit borrowed(afina_optimizer *handle) : optimizer(afina::optimizer::lend(handle))
            {
            }
            ~borrowed()
            {
                optimizer.give_back();
            }
            borrowed(const borrowed &) = delete;
            borrowed &operator=(const borrowed &) = delete;
            afina::optimizer optimizer;
        };
        std::remove_reference_t<F> &f;
        std::remove_reference_t<Setup> &setup;
    } call(f, setup);
    const std::vector<const char *> names = detail::pointers(methods);
    std::vector<double> flat(seeds * names.size());
    const std::int32_t status = afina_compare_methods(of.handle(), names.data(), names.size(), trials, seeds,
                                                      &calls::prepare, &calls::evaluate, &call, flat.data());
    if (status == AFINA_E_CALLBACK)
        call.rethrow();
    detail::check(status);
    return detail::rows(flat, names.size());
}

/* Mean ranks of the methods (columns) over the blocks (rows), 1 is the best: afina_compare_ranks(). */
inline std::vector<double> compare_ranks(const table &values, afina::direction direction)
{
    std::vector<double> ranks(values.columns());
    detail::check(
        afina_compare_ranks(values.data(), values.rows(), values.columns(), detail::raw(direction), ranks.data()));
    return ranks;
}

struct friedman {
    double chi_square, p, f, f_p;
};

/* Whether the methods differ at all: afina_compare_friedman(). */
inline friedman compare_friedman(const table &values, afina::direction direction)
{
    friedman out{};
    detail::check(afina_compare_friedman(values.data(), values.rows(), values.columns(), detail::raw(direction),
                                         &out.chi_square, &out.p, &out.f, &out.f_p));
    return out;
}

/* Which pairs of methods differ, p[i][j]: afina_compare_pairs(). */
inline std::vector<std::vector<double>> compare_pairs(const table &values, afina::direction direction,
                                                      afina::posthoc posthoc)
{
    std::vector<double> p(values.columns() * values.columns());
    detail::check(afina_compare_pairs(values.data(), values.rows(), values.columns(), detail::raw(direction),
                                      detail::raw(posthoc), p.data()));
    return detail::rows(p, values.columns());
}

/* Mean ranks that are further apart differ at this level: afina_compare_critical_difference(). */
inline double compare_critical_difference(std::size_t blocks, std::size_t methods, double level)
{
    double out = 0;
    detail::check(afina_compare_critical_difference(blocks, methods, level, &out));
    return out;
}

/* The methods on an axis of mean ranks, as SVG text: afina_compare_picture(). */
inline std::string compare_picture(const table &values, afina::direction direction, afina::posthoc posthoc,
                                   double level, span<const std::string> names)
{
    detail::same_size("a row of the table", values.columns(), "names", names.size());
    const std::vector<const char *> texts = detail::pointers(names);
    return detail::text([&](char *text, std::size_t capacity, std::size_t *length) {
        return afina_compare_picture(values.data(), values.rows(), values.columns(), detail::raw(direction),
                                     detail::raw(posthoc), level, texts.data(), text, capacity, length);
    });
}

struct paired_comparison {
    double difference, low, high, p;
    afina::verdict verdict;
};

/* Whether the first is better than the second, replicate by replicate: afina_compare_paired(). */
inline paired_comparison compare_paired(span<const double> first, span<const double> second, afina::direction direction,
                                        double ratio, double confidence = 0.95)
{
    paired_comparison out{};
    std::int32_t verdict = 0;
    detail::same_size("first", first.size(), "second", second.size());
    detail::check(afina_compare_paired(first.data(), second.data(), first.size(), detail::raw(direction), ratio,
                                       confidence, &out.difference, &out.low, &out.high, &out.p, &verdict));
    out.verdict = static_cast<afina::verdict>(verdict);
    return out;
}

/* The studies of a store as JSON: [{"name":"first","lines":12}]. */
inline std::string store_list(const std::string &url)
{
    return detail::text([&](char *text, std::size_t capacity, std::size_t *length) {
        return afina_store_list(url.c_str(), text, capacity, length);
    });
}
inline void store_delete(const std::string &url, const std::string &name)
{
    detail::check(afina_store_delete(url.c_str(), name.c_str()));
}

/* --------------------------------------------------------------- reflection */

struct option {
    std::string name;
    option_type type;
    double low, high;                   /* of a number, and of each number of a list */
    std::optional<value> default_value; /* nothing where there is none */
    std::string choices, summary;       /* choices with commas between, "" for any */
};

inline std::string version()
{
    return afina_version();
}
inline std::int32_t version_number() noexcept
{
    return afina_version_number();
}
inline std::int32_t abi_version() noexcept
{
    return afina_abi_version();
}

namespace detail
{

inline std::vector<std::string> names(std::size_t (*count)(), const char *(*name)(std::size_t))
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count(); i++)
        out.emplace_back(name(i));
    return out;
}

inline option option_at(const char *of, const char *name)
{
    option out{name,
               {},
               0,
               0,
               std::nullopt,
               or_empty(afina_option_choices(of, name)),
               or_empty(afina_option_summary(of, name))};
    std::int32_t type = 0;
    double number = 0;
    check(afina_option_type(of, name, &type));
    check(afina_option_range(of, name, &out.low, &out.high));
    out.type = static_cast<option_type>(type);
    if (out.type == option_type::string)
        out.default_value = or_empty(afina_option_default_string(of, name));
    else if (out.type != option_type::reals && afina_option_default_number(of, name, &number) == AFINA_OK &&
             !std::isnan(number))
        out.default_value = out.type == option_type::integer ? value(static_cast<std::int64_t>(number)) : value(number);
    return out;
}

} // namespace detail

inline std::vector<std::string> methods()
{
    return detail::names(afina_method_count, afina_method_name);
}
inline std::vector<std::string> schedulers()
{
    return detail::names(afina_scheduler_count, afina_scheduler_name);
}
inline std::vector<std::string> stoppers()
{
    return detail::names(afina_stopper_count, afina_stopper_name);
}
inline std::vector<std::string> aggregates()
{
    return detail::names(afina_aggregate_count, afina_aggregate_name);
}
inline std::vector<std::string> resampling_schemes()
{
    return detail::names(afina_resampling_scheme_count, afina_resampling_scheme_name);
}
/* What afina_method_trait() can be asked. */
inline std::vector<std::string> traits()
{
    return detail::names(afina_trait_count, afina_trait_name);
}
inline bool method_trait(const std::string &method, const std::string &trait)
{
    std::int32_t has = 0;
    detail::check(afina_method_trait(method.c_str(), trait.c_str(), &has));
    return has != 0;
}
/* What each is in a line; nothing for an unknown name. */
inline std::optional<std::string> method_summary(const std::string &method)
{
    return detail::or_nothing(afina_method_summary(method.c_str()));
}
inline std::optional<std::string> scheduler_summary(const std::string &scheduler)
{
    return detail::or_nothing(afina_scheduler_summary(scheduler.c_str()));
}
inline std::optional<std::string> stopper_summary(const std::string &stopper)
{
    return detail::or_nothing(afina_stopper_summary(stopper.c_str()));
}
inline std::optional<std::string> aggregate_summary(const std::string &rule)
{
    return detail::or_nothing(afina_aggregate_summary(rule.c_str()));
}
inline std::optional<std::string> resampling_scheme_summary(const std::string &scheme)
{
    return detail::or_nothing(afina_resampling_scheme_summary(scheme.c_str()));
}
inline std::optional<std::string> trait_summary(const std::string &trait)
{
    return detail::or_nothing(afina_trait_summary(trait.c_str()));
}
/* The options of a method, a scheduler or a stopper; of every optimizer with "". */
inline std::vector<option> options(const std::string &of = {})
{
    const char *name = of.empty() ? nullptr : of.c_str();
    std::vector<option> out;
    for (std::size_t i = 0; i < afina_option_count(name); i++)
        out.push_back(detail::option_at(name, afina_option_name(name, i)));
    return out;
}

} // namespace afina

#endif
