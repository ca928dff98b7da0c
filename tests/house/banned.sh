#!/usr/bin/env bash
# A guest does not end the process, print, read the environment, or change what
# belongs to the host. Seen from the symbols the objects ask for.
. tests/house/lib.bash

# Objects whose source is still there.
for object in $(find "$B/src" -name '*.o' ! -path "$B/src/cli/*"); do
    source=${object#"$B"/}
    [ ! -f "${source%.o}.c" ] || echo "$object"
done >"$work/objects"
mapfile -t objects <"$work/objects"

undefined=$work/undefined # object: symbol
nm -u "${objects[@]}" | awk -v top="$B/src/" '
    /:$/ { object = substr($0, length(top) + 1); next }
    NF == 2 { print object " " $2 }' | sort >"$undefined"

# outside REGEX OBJECTS: symbols like that, asked for by other objects than those.
outside() {
    local symbols=$1 allowed=$2
    grep -E ": ($symbols)$" "$undefined" | grep -vE "^($allowed): " || true
}

check "objects were found" test -s "$undefined"
check "nothing ends the process" empty outside \
    'abort|exit|_exit|_Exit|quick_exit|atexit|at_quick_exit|__assert_fail|longjmp|_longjmp|siglongjmp' none
check "nothing prints" empty outside \
    '_*(printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|fputc|putc|fwrite|perror|stdout|stderr|dprintf)(_chk|_unlocked)?' none
check "nothing reads or changes the environment" empty outside \
    'getenv|secure_getenv|setenv|putenv|unsetenv|setlocale|chdir|umask|gsl_rng_env_setup|srand|rand|random|srandom|drand48' none
check "no signals, no processes" empty outside \
    'signal|sigaction|alarm|setitimer|raise|kill|fork|system|popen|execv.*|sigprocmask' none
check "threads only in afina_optimize, which joins them before it returns" empty outside \
    'pthread_create|thrd_create|pthread_detach|pthread_key_create|pthread_sigmask|pthread_atfork' 'api/run\.o'
check "the GSL handler is left alone" empty outside 'gsl_set_error_handler.*|gsl_error' none
check "GSL is asked for no function that could raise an error" empty grep -E ': gsl_' "$undefined"
check "the library asks for no server and no MPI" empty sh -c "readelf -dW '$LIB/libafina.so' | grep NEEDED | grep -E 'libpq|mpi'"
check "SQLite is the system's, and asked for in src/store alone" sh -c "readelf -dW '$LIB/libafina.so' | grep NEEDED | grep -F libsqlite3.so.0 &&
    ! grep -E ': sqlite3_' '$undefined' | grep -v '^store/' | grep ."
check "nothing is set in SQLite that the process shares" empty outside \
    'sqlite3_(config|initialize|shutdown|vfs_.*|soft_heap_limit.*|hard_heap_limit.*|enable_shared_cache|auto_extension|temp_directory)' none
check "no state hidden in libc" empty outside 'strtok|strerror|localtime|gmtime|ctime|asctime|tmpnam|mktemp' none
check "no unbounded writes" empty outside 'gets|strcpy|strcat|_*sprintf(_chk)?|_*vsprintf(_chk)?|__strcpy_chk|__strcat_chk' none
check "malloc and its kin only in core/mem" empty outside \
    'malloc|calloc|realloc|reallocarray|free|strdup|strndup|aligned_alloc|posix_memalign' 'core/mem\.o'
check "numbers become text and text numbers without libc and its locale" empty outside \
    'strto(d|f|ld|l|ll|ul|ull)|__isoc23_strto.*|ato[fil]|atoll|_*v?snprintf(_chk)?|_*v?sscanf|__isoc(99|23)_v?sscanf|uselocale|newlocale|localeconv' none

# What text_format does not know would come out as a percent sign.
unknown_conversions() {
    sed -nE '/^ *#/!s/[^"]*("([^"\\\\]|\\\\.)*")[^"]*/\1/gp' "${sources[@]}" | grep -oE '%[^a-zA-Z%]*(l|z)*[^"]' |
        grep -vE '^%(0?[0-9]*(ll|l|z)?[duxX]|(\.\*|\.[0-9]+)?s|[cg%])$'
    return 0
}
mapfile -t sources < <(find src -name '*.c' ! -path 'src/cli/*')
check "messages use the conversions of text_format alone" empty unknown_conversions
check "no classification of characters by locale" empty outside '__ctype_b_loc|__ctype_tolower_loc|isalpha|tolower|toupper|strcasecmp|strncasecmp' none
check "GSL, LAPACK and BLAS only in src/numeric" sh -c \
    "! grep -E ': (gsl_|cblas_|LAPACKE_|[a-z]+_\$)' '$undefined' | grep -v '^numeric/' | grep ."

check "nothing runs when the library is loaded or unloaded" empty sh -c \
    "xargs readelf -SW <'$work/objects' | grep -E '\.(init_array|fini_array|ctors|dtors)'"

# The only state of the process is each thread's own error text. .data.rel.ro
# holds constant tables of pointers, read-only once the library is loaded.
# DW.ref.*: where the compiler keeps the address of its unwinder, for clean-ups.
writable() {
    objdump -t "${objects[@]}" | awk '
        /file format/ { object = $1; next }
        $3 ~ /^[OF]$/ && $4 ~ /^(\.data|\.bss|COMMON)/ && $4 !~ /^\.data\.rel\.ro/ && $NF !~ /^DW\.ref\./ { print object " " $4 " " $NF }
        $4 == "*COM*" { print object " " $NF }'
}
check "no writable variable is shared by the process" empty writable
# What the compiler's own start-up code brings: the hook that every shared library has, and the test of the processor
# for functions that are there in two forms.
check "the shared library runs the compiler's two functions at most when it is loaded" sh -c \
    "size -A '$LIB/libafina.so' | awk '{ print } \$1 == \".init_array\" { n = \$2 } END { exit n > 16 }'"
check "its writable memory is 64 bytes at most" sh -c \
    "size -A '$LIB/libafina.so' | awk '{ print } \$1 == \".data\" || \$1 == \".bss\" { n += \$2 } END { exit n > 64 }'"
check "no text relocations" empty sh -c "readelf -dW '$LIB/libafina.so' | grep TEXTREL"
check "no executable stack, read-only relocations" sh -c \
    "readelf -lW '$LIB/libafina.so' | grep GNU_RELRO && ! readelf -lW '$LIB/libafina.so' | grep 'GNU_STACK.*E '"
check "the library stays loaded while a thread may hold its text" sh -c "readelf -dW '$LIB/libafina.so' | grep NODELETE"
finish
