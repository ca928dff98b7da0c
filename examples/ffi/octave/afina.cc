// afina for Octave: afina(NAME, ...) calls the function of this name below.
//
// A failed call is an Octave error with the library's text. A handle is a value of a type of its own; it is freed with
// the last variable that holds it.
#include <afina.h>
#include <octave/interpreter.h>
#include <octave/oct.h>
#include <octave/ov-base.h>
#include <octave/parse.h>

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

static void check(int32_t status)
{
    if (status < 0)
        error("%s", afina_last_error());
}

// ------------------------------------------------------------------- handles

// A handle of the library as a value of Octave.
template <typename T, void (*release)(T *)> class handle : public octave_base_value
{
  public:
    explicit handle(T *p = nullptr) : pointer(p, release)
    {
    }

    handle(T *p, void (*keep)(T *)) : pointer(p, keep)
    {
    }

    bool is_defined() const override
    {
        return true;
    }

    void print(std::ostream &out, bool) override
    {
        out << "<" << type_name() << ">\n";
    }

    T *get() const
    {
        return pointer.get();
    }

    // From then on the value holds nothing, which the library's functions refuse.
    void forget() const
    {
        pointer.reset();
    }

  private:
    mutable std::shared_ptr<T> pointer;
};

class space : public handle<afina_space, afina_space_free>
{
  public:
    using handle::handle;

  private:
    DECLARE_OV_TYPEID_FUNCTIONS_AND_DATA
};

class optimizer : public handle<afina_optimizer, afina_optimizer_free>
{
  public:
    using handle::handle;

  private:
    DECLARE_OV_TYPEID_FUNCTIONS_AND_DATA
};

class trial : public handle<afina_trial, afina_trial_free>
{
  public:
    using handle::handle;

  private:
    DECLARE_OV_TYPEID_FUNCTIONS_AND_DATA
};

DEFINE_OV_TYPEID_FUNCTIONS_AND_DATA(space, "afina_space", "afina_space");
DEFINE_OV_TYPEID_FUNCTIONS_AND_DATA(optimizer, "afina_optimizer", "afina_optimizer");
DEFINE_OV_TYPEID_FUNCTIONS_AND_DATA(trial, "afina_trial", "afina_trial");

// What a value of the type H holds.
template <typename H> static auto of(const octave_value &value)
{
    if (value.type_id() != H::static_type_id())
        error("expected a handle of type %s", H::static_type_name().c_str());
    return static_cast<const H &>(value.get_rep()).get();
}

// C strings of a cell of texts; the strings live in the object.
class texts
{
  public:
    explicit texts(const octave_value &cell)
    {
        const string_vector all = cell.string_vector_value();
        for (octave_idx_type i = 0; i < all.numel(); i++)
            strings.push_back(all(i));
        for (const std::string &text : strings)
            pointers.push_back(text.c_str());
    }

    const char *const *data() const
    {
        return pointers.data();
    }

    size_t size() const
    {
        return pointers.size();
    }

  private:
    std::vector<std::string> strings;
    std::vector<const char *> pointers;
};

static void expect(const octave_value_list &args, octave_idx_type count)
{
    if (args.length() != count)
        error("expected %d arguments", static_cast<int>(count));
}

// --------------------------------------------------------------------- space

static octave_value_list space_new(const octave_value_list &args)
{
    afina_space *out;
    expect(args, 0);
    check(afina_space_new(&out));
    return ovl(new space(out));
}

static octave_value_list space_real(const octave_value_list &args)
{
    expect(args, 5);
    check(afina_space_add_real(of<space>(args(0)), args(1).string_value().c_str(), args(2).double_value(),
                               args(3).double_value(), args(4).int_value()));
    return ovl();
}

static octave_value_list space_integer(const octave_value_list &args)
{
    expect(args, 5);
    check(afina_space_add_integer(of<space>(args(0)), args(1).string_value().c_str(), args(2).int64_value(),
                                  args(3).int64_value(), args(4).int_value()));
    return ovl();
}

static octave_value_list space_categorical(const octave_value_list &args)
{
    expect(args, 3);
    const texts choices(args(2));
    check(afina_space_add_categorical(of<space>(args(0)), args(1).string_value().c_str(), choices.data(),
                                      choices.size()));
    return ovl();
}

static octave_value_list space_active_in(const octave_value_list &args)
{
    expect(args, 4);
    const texts values(args(3));
    check(afina_space_add_condition_in(of<space>(args(0)), args(1).string_value().c_str(),
                                       args(2).string_value().c_str(), values.data(), values.size()));
    return ovl();
}

static octave_value_list space_active_if(const octave_value_list &args)
{
    expect(args, 5);
    check(afina_space_add_condition(of<space>(args(0)), args(1).string_value().c_str(), args(2).string_value().c_str(),
                                    args(3).int_value(), args(4).double_value()));
    return ovl();
}

// ----------------------------------------------------------------- optimizer

static octave_value_list optimizer_new(const octave_value_list &args)
{
    afina_optimizer *out;
    expect(args, 2);
    check(afina_optimizer_new(&out, of<space>(args(0)), args(1).string_value().c_str()));
    return ovl(new optimizer(out));
}

// An option by the type of its value: a text, an integer (int64), else a real.
static octave_value_list optimizer_set(const octave_value_list &args)
{
    expect(args, 3);
    afina_optimizer *o = of<optimizer>(args(0));
    const std::string key = args(1).string_value();
    if (args(2).is_string())
        check(afina_optimizer_set_string(o, key.c_str(), args(2).string_value().c_str()));
    else if (args(2).isinteger())
        check(afina_optimizer_set_integer(o, key.c_str(), args(2).int64_value()));
    else
        check(afina_optimizer_set_real(o, key.c_str(), args(2).double_value()));
    return ovl();
}

static octave_value_list optimizer_ask(const octave_value_list &args)
{
    afina_trial *out;
    expect(args, 1);
    check(afina_ask(of<optimizer>(args(0)), &out));
    return ovl(new trial(out));
}

static octave_value_list optimizer_best(const octave_value_list &args)
{
    afina_trial *out;
    expect(args, 1);
    check(afina_best(of<optimizer>(args(0)), &out));
    return ovl(new trial(out));
}

// A function of Octave and what it threw: an exception goes round the library.
struct run {
    octave_value function;
    std::exception_ptr thrown;
};

// The function answers the value, or something empty where it was told to stop. The trial lives during the call.
static int32_t objective(afina_trial *t, double *values, void *user)
{
    run &r = *static_cast<run *>(user);
    const octave_value borrowed(new trial(t, [](afina_trial *) {}));
    int32_t status = AFINA_OK;
    try {
        const octave_value_list answer = octave::feval(r.function, ovl(borrowed), 1);
        if (answer.length() > 0 && !answer(0).isempty())
            values[0] = answer(0).double_value();
    } catch (const octave::execution_exception &e) {
        r.thrown = std::current_exception();
        afina_set_last_error(e.message().c_str()); // what the log says of the trial
        status = AFINA_E_CALLBACK;
    } catch (...) { // an interrupt
        r.thrown = std::current_exception();
        status = AFINA_CANCELLED;
    }
    static_cast<const trial &>(borrowed.get_rep()).forget();
    return status;
}

static octave_value_list optimizer_optimize(const octave_value_list &args)
{
    expect(args, 3);
    run r = {args(1), nullptr};
    const int32_t status = afina_optimize(of<optimizer>(args(0)), objective, &r, args(2).int64_value());
    if (r.thrown)
        std::rethrow_exception(r.thrown);
    check(status);
    return ovl();
}

static octave_value_list optimizer_states(const octave_value_list &args)
{
    size_t count;
    expect(args, 1);
    afina_optimizer *o = of<optimizer>(args(0));
    check(afina_column_states(o, 0, nullptr, 0, &count));
    std::vector<int32_t> states(count);
    check(afina_column_states(o, 0, states.data(), count, &count));
    RowVector row(states.size());
    std::copy(states.begin(), states.end(), row.fortran_vec());
    return ovl(row);
}

// --------------------------------------------------------------------- trial

static octave_value_list trial_number(const octave_value_list &args)
{
    expect(args, 1);
    return ovl(static_cast<double>(afina_trial_number(of<trial>(args(0)))));
}

static octave_value_list trial_value(const octave_value_list &args)
{
    double value;
    expect(args, 1);
    check(afina_trial_value(of<trial>(args(0)), &value));
    return ovl(value);
}

// A number for a real or an integer parameter, a text for a choice.
static octave_value_list trial_get(const octave_value_list &args)
{
    const char *choice;
    double number;
    expect(args, 2);
    const afina_point *point = afina_trial_point(of<trial>(args(0)));
    const std::string name = args(1).string_value();
    const int32_t status = afina_point_get_string(point, name.c_str(), &choice);
    if (status == AFINA_OK)
        return ovl(choice);
    if (status != AFINA_E_TYPE)
        check(status);
    check(afina_point_get_real(point, name.c_str(), &number));
    return ovl(number);
}

static octave_value_list trial_report(const octave_value_list &args)
{
    expect(args, 3);
    const double value = args(2).double_value();
    check(afina_trial_tell_report(of<trial>(args(0)), args(1).double_value(), &value, 1));
    return ovl();
}

static octave_value_list trial_should_stop(const octave_value_list &args)
{
    int32_t stop;
    expect(args, 1);
    check(afina_trial_should_stop(of<trial>(args(0)), &stop));
    return ovl(stop == 1);
}

static octave_value_list trial_tell(const octave_value_list &args)
{
    expect(args, 2);
    const double value = args(1).double_value();
    check(afina_trial_tell(of<trial>(args(0)), &value, 1));
    return ovl();
}

static octave_value_list trial_tell_stopped(const octave_value_list &args)
{
    expect(args, 1);
    check(afina_trial_tell_stopped(of<trial>(args(0))));
    return ovl();
}

// A number of the header by its name.
static octave_value_list constant(const octave_value_list &args)
{
    int32_t value;
    expect(args, 1);
    check(afina_constant_value(args(0).string_value().c_str(), &value));
    return ovl(static_cast<double>(value));
}

// ------------------------------------------------------------------ dispatch

static const std::map<std::string, octave_value_list (*)(const octave_value_list &)> functions = {
    {"space_new", space_new},
    {"space_real", space_real},
    {"space_integer", space_integer},
    {"space_categorical", space_categorical},
    {"space_active_in", space_active_in},
    {"space_active_if", space_active_if},
    {"optimizer_new", optimizer_new},
    {"optimizer_set", optimizer_set},
    {"optimizer_ask", optimizer_ask},
    {"optimizer_best", optimizer_best},
    {"optimizer_optimize", optimizer_optimize},
    {"optimizer_states", optimizer_states},
    {"trial_number", trial_number},
    {"trial_value", trial_value},
    {"trial_get", trial_get},
    {"trial_report", trial_report},
    {"trial_should_stop", trial_should_stop},
    {"trial_tell", trial_tell},
    {"trial_tell_stopped", trial_tell_stopped},
    {"constant", constant},
};

DEFMETHOD_DLD(afina, interpreter, args, , "afina(NAME, ...) calls a function of the library afina.")
{
    if (!interpreter.mislocked()) { // the first call: values of these types may live as long as Octave runs
        interpreter.mlock();
        space::register_type();
        optimizer::register_type();
        trial::register_type();
    }
    if (args.length() == 0)
        print_usage();
    const auto function = functions.find(args(0).string_value());
    if (function == functions.end())
        error("afina: there is no function %s", args(0).string_value().c_str());
    return function->second(args.slice(1, args.length() - 1));
}
