/* What R calls by .Call(): it turns R's objects into arguments and the status of a call into a condition with the
 * library's text. Handles are external pointers, which the collector frees. */
#include <afina.h>

#include <R.h>
#include <Rinternals.h>
#include <R_ext/Rdynload.h>

static void check(int32_t status)
{
    if (status < 0)
        Rf_error("%s", afina_last_error());
}

/* ---------------------------------------------------------------- arguments */

static const char *text(SEXP x)
{
    if (!Rf_isString(x) || XLENGTH(x) != 1 || STRING_ELT(x, 0) == NA_STRING)
        Rf_error("expected one text");
    return Rf_translateCharUTF8(STRING_ELT(x, 0));
}

/* Lives until the call from R ends. */
static const char **texts(SEXP x)
{
    if (!Rf_isString(x))
        Rf_error("expected texts");
    const char **copy = (const char **)R_alloc((size_t)XLENGTH(x), sizeof *copy);
    for (R_xlen_t i = 0; i < XLENGTH(x); i++)
        copy[i] = Rf_translateCharUTF8(STRING_ELT(x, i));
    return copy;
}

/* The name of its type is the tag of an external pointer. */
static void *handle(SEXP x, const char *type)
{
    if (TYPEOF(x) != EXTPTRSXP || R_ExternalPtrTag(x) != Rf_install(type) || !R_ExternalPtrAddr(x))
        Rf_error("expected a handle of type %s", type);
    return R_ExternalPtrAddr(x);
}

static afina_space *space_of(SEXP x)
{
    return handle(x, "afina_space");
}

static afina_optimizer *optimizer_of(SEXP x)
{
    return handle(x, "afina_optimizer");
}

static afina_trial *trial_of(SEXP x)
{
    return handle(x, "afina_trial");
}

/* An empty handle comes first, so that nothing is lost when R has no memory for it. The caller protects it. */
static SEXP new_handle(const char *type, R_CFinalizer_t finalizer)
{
    SEXP x = PROTECT(R_MakeExternalPtr(NULL, Rf_install(type), R_NilValue));
    R_RegisterCFinalizerEx(x, finalizer, TRUE);
    UNPROTECT(1);
    return x;
}

/* -------------------------------------------------------------------- space */

static void free_space(SEXP x)
{
    afina_space_free(R_ExternalPtrAddr(x));
    R_ClearExternalPtr(x);
}

static SEXP space_new(void)
{
    SEXP x = PROTECT(new_handle("afina_space", free_space));
    afina_space *space;
    check(afina_space_new(&space));
    R_SetExternalPtrAddr(x, space);
    UNPROTECT(1);
    return x;
}

static SEXP space_real(SEXP space, SEXP name, SEXP low, SEXP high, SEXP scale)
{
    check(afina_space_add_real(space_of(space), text(name), Rf_asReal(low), Rf_asReal(high), Rf_asInteger(scale)));
    return R_NilValue;
}

static SEXP space_integer(SEXP space, SEXP name, SEXP low, SEXP high, SEXP scale)
{
    check(afina_space_add_integer(space_of(space), text(name), Rf_asInteger(low), Rf_asInteger(high),
                                  Rf_asInteger(scale)));
    return R_NilValue;
}

static SEXP space_categorical(SEXP space, SEXP name, SEXP choices)
{
    check(afina_space_add_categorical(space_of(space), text(name), texts(choices), (size_t)XLENGTH(choices)));
    return R_NilValue;
}

static SEXP space_active_in(SEXP space, SEXP child, SEXP parent, SEXP values)
{
    check(afina_space_add_condition_in(space_of(space), text(child), text(parent), texts(values),
                                       (size_t)XLENGTH(values)));
    return R_NilValue;
}

static SEXP space_active_if(SEXP space, SEXP child, SEXP parent, SEXP comparison, SEXP number)
{
    check(afina_space_add_condition(space_of(space), text(child), text(parent), Rf_asInteger(comparison),
                                    Rf_asReal(number)));
    return R_NilValue;
}

/* ---------------------------------------------------------------- optimizer */

static void free_optimizer(SEXP x)
{
    afina_optimizer_free(R_ExternalPtrAddr(x));
    R_ClearExternalPtr(x);
}

static void free_trial(SEXP x)
{
    afina_trial_free(R_ExternalPtrAddr(x));
    R_ClearExternalPtr(x);
}

static SEXP optimizer_new(SEXP space, SEXP method)
{
    SEXP x = PROTECT(new_handle("afina_optimizer", free_optimizer));
    afina_optimizer *optimizer;
    check(afina_optimizer_new(&optimizer, space_of(space), text(method)));
    R_SetExternalPtrAddr(x, optimizer);
    UNPROTECT(1);
    return x;
}

/* An option by the type of its R value. */
static SEXP optimizer_set(SEXP optimizer, SEXP key, SEXP value)
{
    afina_optimizer *o = optimizer_of(optimizer);
    if (Rf_isString(value))
        check(afina_optimizer_set_string(o, text(key), text(value)));
    else if (Rf_isInteger(value))
        check(afina_optimizer_set_integer(o, text(key), Rf_asInteger(value)));
    else
        check(afina_optimizer_set_real(o, text(key), Rf_asReal(value)));
    return R_NilValue;
}

static SEXP new_trial(SEXP optimizer, int32_t (*question)(afina_optimizer *, afina_trial **))
{
    SEXP x = PROTECT(new_handle("afina_trial", free_trial));
    afina_trial *trial;
    check(question(optimizer_of(optimizer), &trial));
    R_SetExternalPtrAddr(x, trial);
    UNPROTECT(1);
    return x;
}

static SEXP optimizer_ask(SEXP optimizer)
{
    return new_trial(optimizer, afina_ask);
}

static SEXP optimizer_best(SEXP optimizer)
{
    return new_trial(optimizer, afina_best);
}

/* Calls the R function `user` with the trial, which lives during the call. The function answers the value, NULL where
 * it was told to stop, or a text, which is an error that ends the run. It catches its errors itself, so that what jumps
 * out of it is an interrupt; R_tryEvalSilent() keeps it from jumping over the library. */
static int32_t objective(afina_trial *trial, double *values, void *user)
{
    int32_t status = AFINA_OK;
    int jumped = 0;
    SEXP x = PROTECT(R_MakeExternalPtr(trial, Rf_install("afina_trial"), R_NilValue));
    SEXP call = PROTECT(Rf_lang2((SEXP)user, x));
    SEXP value = R_tryEvalSilent(call, R_GlobalEnv, &jumped);
    R_ClearExternalPtr(x);
    if (jumped)
        status = AFINA_CANCELLED;
    else if (Rf_isString(value) && XLENGTH(value) == 1) {
        afina_set_last_error(CHAR(STRING_ELT(value, 0)));
        status = AFINA_E_CALLBACK;
    } else if (!Rf_isNull(value))
        values[0] = Rf_asReal(value);
    UNPROTECT(2);
    return status;
}

static SEXP optimizer_optimize(SEXP optimizer, SEXP function, SEXP trials)
{
    if (!Rf_isFunction(function))
        Rf_error("expected a function");
    int32_t status = afina_optimize(optimizer_of(optimizer), objective, function, Rf_asInteger(trials));
    check(status);
    return Rf_ScalarInteger(status);
}

static SEXP optimizer_states(SEXP optimizer)
{
    afina_optimizer *o = optimizer_of(optimizer);
    size_t count;
    check(afina_column_states(o, 0, NULL, 0, &count));
    SEXP states = PROTECT(Rf_allocVector(INTSXP, (R_xlen_t)count));
    check(afina_column_states(o, 0, INTEGER(states), count, &count));
    UNPROTECT(1);
    return states;
}

/* -------------------------------------------------------------------- trial */

/* R has no integers of 64 bits; numbers of trials are exact in a double. */
static SEXP trial_number(SEXP trial)
{
    return Rf_ScalarReal((double)afina_trial_number(trial_of(trial)));
}

static SEXP trial_value(SEXP trial)
{
    double value;
    check(afina_trial_value(trial_of(trial), &value));
    return Rf_ScalarReal(value);
}

/* A number for a real or an integer parameter, a text for a choice. */
static SEXP trial_get(SEXP trial, SEXP name)
{
    const afina_point *point = afina_trial_point(trial_of(trial));
    const char *choice;
    double number;
    int32_t status = afina_point_get_string(point, text(name), &choice);
    if (status == AFINA_OK)
        return Rf_ScalarString(Rf_mkCharCE(choice, CE_UTF8));
    if (status != AFINA_E_TYPE)
        check(status);
    check(afina_point_get_real(point, text(name), &number));
    return Rf_ScalarReal(number);
}

static SEXP trial_report(SEXP trial, SEXP step, SEXP value)
{
    double v = Rf_asReal(value);
    check(afina_trial_tell_report(trial_of(trial), Rf_asReal(step), &v, 1));
    return R_NilValue;
}

static SEXP trial_should_stop(SEXP trial)
{
    int32_t stop;
    check(afina_trial_should_stop(trial_of(trial), &stop));
    return Rf_ScalarLogical(stop);
}

static SEXP trial_tell(SEXP trial, SEXP value)
{
    double v = Rf_asReal(value);
    check(afina_trial_tell(trial_of(trial), &v, 1));
    return R_NilValue;
}

static SEXP trial_tell_stopped(SEXP trial)
{
    check(afina_trial_tell_stopped(trial_of(trial)));
    return R_NilValue;
}

/* A number of the header by its name. */
static SEXP constant(SEXP name)
{
    int32_t value;
    check(afina_constant_value(text(name), &value));
    return Rf_ScalarInteger(value);
}

/* ------------------------------------------------------------------ routines */

static const R_CallMethodDef routines[] = {
    {"space_new", (DL_FUNC)space_new, 0},
    {"space_real", (DL_FUNC)space_real, 5},
    {"space_integer", (DL_FUNC)space_integer, 5},
    {"space_categorical", (DL_FUNC)space_categorical, 3},
    {"space_active_in", (DL_FUNC)space_active_in, 4},
    {"space_active_if", (DL_FUNC)space_active_if, 5},
    {"optimizer_new", (DL_FUNC)optimizer_new, 2},
    {"optimizer_set", (DL_FUNC)optimizer_set, 3},
    {"optimizer_ask", (DL_FUNC)optimizer_ask, 1},
    {"optimizer_best", (DL_FUNC)optimizer_best, 1},
    {"optimizer_optimize", (DL_FUNC)optimizer_optimize, 3},
    {"optimizer_states", (DL_FUNC)optimizer_states, 1},
    {"trial_number", (DL_FUNC)trial_number, 1},
    {"trial_value", (DL_FUNC)trial_value, 1},
    {"trial_get", (DL_FUNC)trial_get, 2},
    {"trial_report", (DL_FUNC)trial_report, 3},
    {"trial_should_stop", (DL_FUNC)trial_should_stop, 1},
    {"trial_tell", (DL_FUNC)trial_tell, 2},
    {"trial_tell_stopped", (DL_FUNC)trial_tell_stopped, 1},
    {"constant", (DL_FUNC)constant, 1},
    {NULL, NULL, 0},
};

/* R calls it when it loads glue.so. */
void R_init_glue(DllInfo *library);
void R_init_glue(DllInfo *library)
{
    R_registerRoutines(library, NULL, routines, NULL, NULL);
    R_useDynamicSymbols(library, FALSE);
}
