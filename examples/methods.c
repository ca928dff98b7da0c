/* Lists the search methods, or the options of one.
 *
 *     methods          one method a line: name, tab, summary
 *     methods gp       what it can, and its options: name, type, range or choices, default, summary
 */
#include <afina.h>

#include <stdio.h>

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

static int print_options(const char *method)
{
    if (!afina_method_summary(method)) {
        fprintf(stderr, "%s\n", afina_last_error());
        return 1;
    }
    printf("%s\t%s\n", method, afina_method_summary(method));
    print_traits(method);
    for (size_t i = 0; i < afina_option_count(method); i++) {
        const char *option = afina_option_name(method, i);
        int32_t type;
        afina_option_type(method, option, &type);
        printf("  %s", option);
        if (type == AFINA_OPTION_STRING)
            print_string(method, option);
        else if (type == AFINA_OPTION_REALS)
            printf("\treals\tany\t");
        else
            print_number(method, option, type);
        printf("\t%s\n", afina_option_summary(method, option));
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return print_options(argv[1]);
    for (size_t i = 0; i < afina_method_count(); i++)
        printf("%s\t%s\n", afina_method_name(i), afina_method_summary(afina_method_name(i)));
    return 0;
}
