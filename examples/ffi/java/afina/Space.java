package afina;

import static afina.AfinaException.check;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/** A search space. */
public final class Space implements AutoCloseable {
    Pointer handle;

    public Space() {
        PointerByReference out = new PointerByReference();
        check(C.LIBRARY.afina_space_new(out));
        handle = out.getValue();
    }

    public void real(String name, double low, double high, Scale scale) {
        check(C.LIBRARY.afina_space_add_real(handle, name, low, high, scale.number));
    }

    public void integer(String name, long low, long high, Scale scale) {
        check(C.LIBRARY.afina_space_add_integer(handle, name, low, high, scale.number));
    }

    public void categorical(String name, String... choices) {
        check(C.LIBRARY.afina_space_add_categorical(handle, name, choices, new C.Size(choices.length)));
    }

    /** The child is active only where the parent has one of the values. */
    public void activeIn(String child, String parent, String... values) {
        check(C.LIBRARY.afina_space_add_condition_in(handle, child, parent, values, new C.Size(values.length)));
    }

    /** The child is active only where the parent is at least that number. */
    public void activeFrom(String child, String parent, double number) {
        int comparison = AfinaException.constant("AFINA_COMPARE_GREATER_EQUAL");
        check(C.LIBRARY.afina_space_add_condition(handle, child, parent, comparison, number));
    }

    @Override
    public void close() {
        C.LIBRARY.afina_space_free(handle);
        handle = null;
    }
}
