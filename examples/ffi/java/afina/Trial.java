package afina;

import static afina.AfinaException.check;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.DoubleByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/** One evaluation of a point. Who asked for it closes it; an objective does not. */
public final class Trial implements AutoCloseable {
    Pointer handle;

    Trial(Pointer handle) {
        this.handle = handle;
    }

    public long number() {
        return C.LIBRARY.afina_trial_number(handle);
    }

    public double value() {
        DoubleByReference value = new DoubleByReference();
        check(C.LIBRARY.afina_trial_value(handle, value));
        return value.getValue();
    }

    /** Borrowed from the trial. */
    private Pointer point() {
        return C.LIBRARY.afina_trial_point(handle);
    }

    public double real(String name) {
        DoubleByReference value = new DoubleByReference();
        check(C.LIBRARY.afina_point_get_real(point(), name, value));
        return value.getValue();
    }

    public long integer(String name) {
        LongByReference value = new LongByReference();
        check(C.LIBRARY.afina_point_get_integer(point(), name, value));
        return value.getValue();
    }

    public String choice(String name) {
        PointerByReference value = new PointerByReference();
        check(C.LIBRARY.afina_point_get_string(point(), name, value));
        return value.getValue().getString(0, "UTF-8");
    }

    public void report(double step, double value) {
        check(C.LIBRARY.afina_trial_tell_report(handle, step, new double[] {value}, new C.Size(1)));
    }

    public boolean shouldStop() {
        IntByReference stop = new IntByReference();
        check(C.LIBRARY.afina_trial_should_stop(handle, stop));
        return stop.getValue() == 1;
    }

    public void tell(double value) {
        check(C.LIBRARY.afina_trial_tell(handle, new double[] {value}, new C.Size(1)));
    }

    public void tellStopped() {
        check(C.LIBRARY.afina_trial_tell_stopped(handle));
    }

    @Override
    public void close() {
        C.LIBRARY.afina_trial_free(handle);
        handle = null;
    }
}
