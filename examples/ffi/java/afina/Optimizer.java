package afina;

import static afina.AfinaException.check;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.Function;

/** A study. */
public final class Optimizer implements AutoCloseable {
    private Pointer handle;

    /** The space is copied. */
    public Optimizer(Space space, String method) {
        PointerByReference out = new PointerByReference();
        check(C.LIBRARY.afina_optimizer_new(out, space.handle, method));
        handle = out.getValue();
    }

    public void set(String key, long value) {
        check(C.LIBRARY.afina_optimizer_set_integer(handle, key, value));
    }

    public void set(String key, String value) {
        check(C.LIBRARY.afina_optimizer_set_string(handle, key, value));
    }

    public Trial ask() {
        PointerByReference out = new PointerByReference();
        check(C.LIBRARY.afina_ask(handle, out));
        return new Trial(out.getValue());
    }

    public Trial best() {
        PointerByReference out = new PointerByReference();
        check(C.LIBRARY.afina_best(handle, out));
        return new Trial(out.getValue());
    }

    /**
     * Evaluates trials with an objective, whose answer is the value, or empty where it was told to stop. What it
     * throws ends the run and is thrown from here: it may not pass through C.
     */
    public void optimize(Function<Trial, OptionalDouble> objective, long trials) {
        int failed = AfinaException.constant("AFINA_E_CALLBACK");
        Throwable[] thrown = {null};
        C.Objective callback = (trial, values, user) -> {
            Trial borrowed = new Trial(trial);
            try {
                objective.apply(borrowed).ifPresent(value -> values.setDouble(0, value));
                return 0;
            } catch (RuntimeException | Error e) {
                thrown[0] = e;
                C.LIBRARY.afina_set_last_error(e.toString()); // what the log says of the trial
                return failed;
            } finally {
                borrowed.handle = null; // the library frees it
            }
        };
        int status = C.LIBRARY.afina_optimize(handle, callback, null, trials);
        if (thrown[0] instanceof Error) {
            throw (Error) thrown[0];
        }
        if (thrown[0] != null) {
            throw (RuntimeException) thrown[0];
        }
        check(status);
    }

    private int[] states() {
        PointerByReference count = new PointerByReference();
        check(C.LIBRARY.afina_column_states(handle, 0, null, new C.Size(0), count));
        int[] states = new int[(int) Pointer.nativeValue(count.getValue())];
        check(C.LIBRARY.afina_column_states(handle, 0, states, new C.Size(states.length), count));
        return states;
    }

    public int trialCount() {
        return states().length;
    }

    public long stoppedCount() {
        int stopped = AfinaException.constant("AFINA_STATE_STOPPED");
        return Arrays.stream(states()).filter(state -> state == stopped).count();
    }

    /** Trials stay readable. */
    @Override
    public void close() {
        C.LIBRARY.afina_optimizer_free(handle);
        handle = null;
    }
}
