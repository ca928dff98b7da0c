// C++ exceptions thrown by every function of the host: each reaches the caller of the library, nothing is locked
// afterwards, not even for another thread, and no memory is lost (tests/house/exceptions.sh counts it).
#include "guest/ways.h"

#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

static void throw_it(void *)
{
    throw std::runtime_error("thrown by the host, with a text that needs memory of its own");
}

static bool is_thrown(const struct way &way, struct trip *trip)
{
    try {
        way.go(trip);
    } catch (const std::runtime_error &error) {
        return std::string(error.what()).rfind("thrown by the host", 0) == 0;
    }
    return false;
}

// After the first call the thread goes on that caught it, after the third another one.
static void throw_out_of(const struct way &way)
{
    for (int at = 1; at <= 3; at += 2) {
        struct trip made = {}, *trip = &made;
        trip->name = way.name;
        trip->leave = throw_it;
        trip->at = at;
        WANT(is_thrown(way, trip));
        if (at == 1)
            trip_go_on(trip);
        else
            std::thread(trip_go_on, trip).join();
        trip_free(trip);
    }
    std::printf("%s\n", way.name);
}

static int32_t throws_on_a_worker(afina_trial *, double *values, void *user)
{
    usleep(1000);
    if (std::this_thread::get_id() != *static_cast<std::thread::id *>(user))
        throw std::runtime_error("on a thread of the library");
    values[0] = 1;
    return AFINA_OK;
}

// No function of the host is below it there: the process ends as C++ says, by std::terminate().
static void throw_on_a_worker()
{
    struct trip made = {}, *trip = &made;
    std::thread::id self = std::this_thread::get_id();
    int status = -1;
    trip->name = "a worker";
    pid_t child = fork();
    if (child == 0) {
        std::set_terminate([] { _exit(7); });
        trip_make(trip, "random");
        WANT(afina_optimizer_set_integer(trip->optimizer, "workers", 2) == AFINA_OK);
        afina_optimize(trip->optimizer, throws_on_a_worker, &self, 1000);
        _exit(1);
    }
    WANT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    std::printf("%s\n", trip->name);
}

int main()
{
    alarm(300); // a hang ends the program
    throw_on_a_worker();
    for (const struct way &way : ways)
        throw_out_of(way);
}
