package afina;

import com.sun.jna.ptr.IntByReference;

/** A call failed; the message is the library's text. */
public final class AfinaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private AfinaException(String message) {
        super(message);
    }

    /** The text belongs to the thread of the call, so it is read at once. */
    static void check(int status) {
        if (status < 0) {
            throw new AfinaException(C.LIBRARY.afina_last_error());
        }
    }

    /** A number of the header by its name. */
    static int constant(String name) {
        IntByReference value = new IntByReference();
        check(C.LIBRARY.afina_constant_value(name, value));
        return value.getValue();
    }
}
