#!/usr/bin/env bash
# include/afina.hpp and afina_mlp.hpp compile without a warning under gcc and clang from C++17 to C++23, with the programs
# that use all of them, alone and twice in one program; they have no macro of their own; and the C header is C++ as well.
. tests/house/lib.bash

strict="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Werror -fsyntax-only -Iinclude -Itests"
compilers=g++
command -v clang++-14 >/dev/null && compilers+=" clang++-14"
[ -z "${CI:-}" ] || check "clang++ is installed" command -v clang++-14

# All tests in one file, so that each compiler reads the standard library once.
{
    printf '#include <afina_mlp.hpp>\n#include "cpp/harness.hpp"\n#include <unistd.h>\n'
    printf '#include <%s>\n' algorithm array atomic cstdio fstream thread
    printf '#if __cplusplus >= 202002L\n#include <ranges>\n#include <span>\n#endif\n'
    for source in tests/cpp/test_*.cpp; do
        name=$(basename "${source%.cpp}")
        printf 'namespace %s { int main();\n#include "cpp/%s"\n}\n' "$name" "$(basename "$source")"
    done
} >"$work/all.cpp"
echo '#include <afina_mlp.h>' >"$work/old.cpp"
for compiler in $compilers; do
    for standard in 17 20 2b; do
        [ "$compiler $standard" = "g++ 17" ] || # that is how `make check` compiles the tests
            check "$compiler -std=c++$standard: all tests" $compiler -std=c++$standard $strict "$work/all.cpp"
    done
    check "$compiler -std=c++98: the C header" $compiler -std=c++98 $strict -Wno-long-long "$work/old.cpp"
done
warns() { ! echo 'int f(double x) { return x; }' | g++ -std=c++17 $strict -x c++ -; }
check "a warning would be seen" warns

# What a program sees of macros: those of the headers included, and its guard.
macros() { echo "$1" | g++ -std=c++17 -Iinclude -x c++ -dM -E - | sed -n 's/^#define \(\w*AFINA\w*\|afina\w*\).*/\1/p' | sort; }
macros '#include <afina_mlp.h>' >"$work/c"
macros '#include <afina_mlp.hpp>' >"$work/cpp"
printf 'AFINA_HPP\nAFINA_MLP_HPP\n' | sort - "$work/c" >"$work/want"
check "no macro of their own but the guards" same "$work/want" "$work/cpp"

cat >"$work/one.cpp" <<'END2'
#include <afina_mlp.hpp>
int other();
int main()
{
    afina::optimizer optimizer(afina::space().add_real("x", 0, 1), "random");
    optimizer.optimize([](afina::trial_view trial) { return trial.get<double>("x"); }, 3);
    return optimizer.size() == 3 && other() == 2 ? 0 : 1;
}
END2
cat >"$work/two.cpp" <<'END2'
#include <afina_mlp.hpp>
int other();
int other()
{
    return static_cast<int>(afina::space().add_integer("n", 1, 2).point_count());
}
END2
check "two files of one program include them" g++ -std=c++17 -Iinclude -o "$work/both" "$work/one.cpp" "$work/two.cpp" "$LIB/libafina.so"
check "the program runs" env LD_LIBRARY_PATH="$LIB" "$work/both"
finish
