/* Lists the search methods, schedulers or stoppers, or the options of one.
 *
 *     methods               one method a line: name, tab, summary
 *     methods schedulers    the same of schedulers
 *     methods stoppers      the same of stoppers
 *     methods gp            what it can, and its options: name, type, range or choices, default, summary
 *     methods asha          the options of a scheduler or stopper; no two of all have the same name
 */
#include <afina.h>

#include <stdio.h>
#include <string.h>

static void print_number(const char *method, const char *option, int32_t type)
{
    double low, high, value;
    afina_option_range(method, option, &low, &high);
    afina_option_default_number(method, option, &value);
    printf("\t%s\t%g..%g\t%g", type == AFINA_OPTION_INTEGER ? "integer" : "real", low, high, value);
}

static void print_string(const char *method, const char *option)
{
    const char *choices = afina_option_choices(method, option);
    printf("\tstring\t%s\t%s", choices[0] ? choices : "any", afina_option_default_string(method, option));
}

static void print_traits(const char *method)
{
    for (size_t i = 0; i < afina_trait_count(); i++) {
        const char *trait = afina_trait_name(i);
        int32_t has = 0;
        if (afina_method_trait(method, trait, &has) == AFINA_OK && has)
            printf("  %s\t%s\n", trait, afina_trait_summary(trait));
    }
}

static void print_option(const char *owner, const char *option)
{
    int32_t type;
    afina_option_type(owner, option, &type);
    printf("  %s", option);
    if (type == AFINA_OPTION_STRING)
        print_string(owner, option);
    else if (type == AFINA_OPTION_REALS)
        printf("\treals\tany\t");
    else
        print_number(owner, option, type);
    printf("\t%s\n", afina_option_summary(owner, option));
}

static const char *find_summary(const char *name)
{
    const char *summary = afina_scheduler_summary(name);
    if (!summary)
        summary = afina_stopper_summary(name);
    return summary ? summary : afina_method_summary(name);
}

static int print_one(const char *name)
{
    const char *summary = find_summary(name);
    if (!summary) {
        fprintf(stderr, "%s\n", afina_last_error());
        return 1;
    }
    printf("%s\t%s\n", name, summary);
    print_traits(name);
    for (size_t i = 0; i < afina_option_count(name); i++)
        print_option(name, afina_option_name(name, i));
    return 0;
}

static void print_list(size_t count, const char *(*name)(size_t), const char *(*summary)(const char *))
{
    for (size_t i = 0; i < count; i++)
        printf("%s\t%s\n", name(i), summary(name(i)));
}

int main(int argc, char **argv)
{
    if (argc == 1)
        print_list(afina_method_count(), afina_method_name, afina_method_summary);
    else if (strcmp(argv[1], "schedulers") == 0)
        print_list(afina_scheduler_count(), afina_scheduler_name, afina_scheduler_summary);
    else if (strcmp(argv[1], "stoppers") == 0)
        print_list(afina_stopper_count(), afina_stopper_name, afina_stopper_summary);
    else
        return print_one(argv[1]);
    return 0;
}
