/* A locale in which numbers look otherwise, for tests that nothing depends on it. Include
 * after cmocka. */
#ifndef AFINA_TESTS_COMMA_LOCALE_H
#define AFINA_TESTS_COMMA_LOCALE_H

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

/* A locale that writes 2,385 and groups thousands by points, compiled into a
 * scratch folder, so that no installed locale is needed. 0 when that failed. */
static inline int set_comma_locale(const char *folder)
{
    static const char source[] = "LC_NUMERIC\ndecimal_point \"<U002C>\"\nthousands_sep \"<U002E>\"\ngrouping 3;3\n"
                                 "END LC_NUMERIC\n";
    char path[300], command[1000];
    snprintf(path, sizeof path, "%s/source", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(source, file);
    fclose(file);
    snprintf(command, sizeof command, "localedef -c -i %s/source %s/afina_comma >/dev/null 2>&1", folder, folder);
    int status = system(command); /* 1 for warnings: the locale is there all the same */
    (void)status;
    setenv("LOCPATH", folder, 1);
    return setlocale(LC_NUMERIC, "afina_comma") != NULL;
}

static inline void remove_folder(const char *folder)
{
    char command[400];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

#endif
