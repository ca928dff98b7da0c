package afina;

import com.sun.jna.Callback;
import com.sun.jna.IntegerType;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.DoubleByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Map;

/** The functions that the scenario needs, as in afina.h. */
interface C extends Library {
    C LIBRARY = Native.load("libafina.so.0", C.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));

    /** size_t. */
    class Size extends IntegerType {
        private static final long serialVersionUID = 1;

        public Size() {
            this(0);
        }

        Size(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    /** afina_objective. */
    interface Objective extends Callback {
        int evaluate(Pointer trial, Pointer values, Pointer user);
    }

    String afina_last_error();
    int afina_set_last_error(String text);
    int afina_constant_value(String name, IntByReference value);

    int afina_space_new(PointerByReference out);
    void afina_space_free(Pointer space);
    int afina_space_add_real(Pointer space, String name, double low, double high, int scale);
    int afina_space_add_integer(Pointer space, String name, long low, long high, int scale);
    int afina_space_add_categorical(Pointer space, String name, String[] choices, Size count);
    int afina_space_add_condition_in(Pointer space, String child, String parent, String[] values, Size count);
    int afina_space_add_condition(Pointer space, String child, String parent, int comparison, double number);

    int afina_point_get_real(Pointer point, String name, DoubleByReference value);
    int afina_point_get_integer(Pointer point, String name, LongByReference value);
    int afina_point_get_string(Pointer point, String name, PointerByReference value);

    int afina_optimizer_new(PointerByReference out, Pointer space, String method);
    void afina_optimizer_free(Pointer optimizer);
    int afina_optimizer_set_integer(Pointer optimizer, String key, long value);
    int afina_optimizer_set_string(Pointer optimizer, String key, String value);
    int afina_optimize(Pointer optimizer, Objective objective, Pointer user, long trials);
    int afina_ask(Pointer optimizer, PointerByReference out);
    int afina_best(Pointer optimizer, PointerByReference out);
    int afina_column_states(Pointer optimizer, long first, int[] states, Size capacity, PointerByReference count);

    void afina_trial_free(Pointer trial);
    long afina_trial_number(Pointer trial);
    Pointer afina_trial_point(Pointer trial);
    int afina_trial_value(Pointer trial, DoubleByReference value);
    int afina_trial_tell_report(Pointer trial, double step, double[] values, Size count);
    int afina_trial_should_stop(Pointer trial, IntByReference stop);
    int afina_trial_tell(Pointer trial, double[] values, Size count);
    int afina_trial_tell_stopped(Pointer trial);
}
