/* A small frame for tests in C++: cases by name, one fact a check, and the summary that tests/run reads. */
#ifndef AFINA_TESTS_CPP_HARNESS_HPP
#define AFINA_TESTS_CPP_HARNESS_HPP

#include <exception>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

inline void require(bool fact, const std::string &text)
{
    if (!fact)
        throw std::runtime_error("not so: " + text);
}

/* f throws E, whose text holds `part`. */
template <class E, class F> void throws(F f, const std::string &part)
{
    try {
        f();
    } catch (const E &exception) {
        require(std::string(exception.what()).find(part) != std::string::npos,
                "\"" + std::string(exception.what()) + "\" has \"" + part + "\" in it");
        return;
    }
    throw std::runtime_error("nothing was thrown with \"" + part + "\" in it");
}

using cases = std::vector<std::pair<std::string, std::function<void()>>>;

inline int run(const cases &all)
{
    int failed = 0;
    for (const auto &[name, test] : all) {
        try {
            test();
        } catch (const std::exception &exception) {
            failed++;
            std::cout << name << ": " << exception.what() << '\n';
        }
    }
    std::cout << "[  PASSED  ] " << all.size() - static_cast<std::size_t>(failed) << " test(s).\n";
    if (failed)
        std::cout << "[  FAILED  ] " << failed << " test(s).\n";
    return failed;
}

#endif
