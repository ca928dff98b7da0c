// The part of afina that the scenario needs, by P/Invoke.
//
// A failed call throws an AfinaException with the library's text. Handles are SafeHandles: freed by Dispose(), or else
// by the collector. Strings are UTF-8 in afina.h, and Mono passes them so; on Windows they would need
// UnmanagedType.LPUTF8Str.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Afina
{
    public sealed class AfinaException : Exception
    {
        AfinaException(string message) : base(message) { }

        // The text belongs to the thread of the call, so it is read at once.
        internal static void Check(int status)
        {
            if (status < 0)
                throw new AfinaException(C.Text(C.afina_last_error()));
        }
    }

    // Numbers of afina.h.
    public enum Scale { Linear = 0, Log = 1 }

    public enum Comparison { Equal = 0, NotEqual = 1, Less = 2, LessEqual = 3, Greater = 4, GreaterEqual = 5 }

    // The functions, as in afina.h.
    static class C
    {
        const string Library = "libafina.so.0";

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int Objective(IntPtr trial, IntPtr values, IntPtr user);

        [DllImport(Library)] internal static extern IntPtr afina_last_error();
        [DllImport(Library)] internal static extern int afina_set_last_error(string text);
        [DllImport(Library)] internal static extern int afina_constant_value(string name, out int value);

        [DllImport(Library)] internal static extern int afina_space_new(out IntPtr space);
        [DllImport(Library)] internal static extern void afina_space_free(IntPtr space);
        [DllImport(Library)]
        internal static extern int afina_space_add_real(Space space, string name, double low, double high, int scale);
        [DllImport(Library)]
        internal static extern int afina_space_add_integer(Space space, string name, long low, long high, int scale);
        [DllImport(Library)]
        internal static extern int afina_space_add_categorical(Space space, string name, string[] choices,
                                                               UIntPtr count);
        [DllImport(Library)]
        internal static extern int afina_space_add_condition_in(Space space, string child, string parent,
                                                                string[] values, UIntPtr count);
        [DllImport(Library)]
        internal static extern int afina_space_add_condition(Space space, string child, string parent, int comparison,
                                                             double number);

        [DllImport(Library)]
        internal static extern int afina_point_get_real(IntPtr point, string name, out double value);
        [DllImport(Library)]
        internal static extern int afina_point_get_integer(IntPtr point, string name, out long value);
        [DllImport(Library)]
        internal static extern int afina_point_get_string(IntPtr point, string name, out IntPtr value);

        [DllImport(Library)]
        internal static extern int afina_optimizer_new(out IntPtr optimizer, Space space, string method);
        [DllImport(Library)] internal static extern void afina_optimizer_free(IntPtr optimizer);
        [DllImport(Library)]
        internal static extern int afina_optimizer_set_integer(Optimizer optimizer, string key, long value);
        [DllImport(Library)]
        internal static extern int afina_optimizer_set_string(Optimizer optimizer, string key, string value);
        [DllImport(Library)]
        internal static extern int afina_optimize(Optimizer optimizer, Objective objective, IntPtr user, long trials);
        [DllImport(Library)] internal static extern int afina_ask(Optimizer optimizer, out IntPtr trial);
        [DllImport(Library)] internal static extern int afina_best(Optimizer optimizer, out IntPtr trial);
        [DllImport(Library)]
        internal static extern int afina_column_states(Optimizer optimizer, long first, [Out] int[] states,
                                                       UIntPtr capacity, out UIntPtr count);

        [DllImport(Library)] internal static extern void afina_trial_free(IntPtr trial);
        [DllImport(Library)] internal static extern long afina_trial_number(Trial trial);
        [DllImport(Library)] internal static extern IntPtr afina_trial_point(Trial trial);
        [DllImport(Library)] internal static extern int afina_trial_value(Trial trial, out double value);
        [DllImport(Library)]
        internal static extern int afina_trial_tell_report(Trial trial, double step, ref double value, UIntPtr count);
        [DllImport(Library)] internal static extern int afina_trial_should_stop(Trial trial, out int stop);
        [DllImport(Library)] internal static extern int afina_trial_tell(Trial trial, ref double value, UIntPtr count);
        [DllImport(Library)] internal static extern int afina_trial_tell_stopped(Trial trial);

        internal static UIntPtr Size(int count) => (UIntPtr)(uint)count;

        // A borrowed text.
        internal static string Text(IntPtr text)
        {
            int length = 0;
            while (Marshal.ReadByte(text, length) != 0)
                length++;
            var bytes = new byte[length];
            Marshal.Copy(text, bytes, 0, length);
            return Encoding.UTF8.GetString(bytes);
        }

        internal static int Constant(string name)
        {
            AfinaException.Check(afina_constant_value(name, out int value));
            return value;
        }
    }

    public abstract class Handle : SafeHandle
    {
        internal Handle(bool owned) : base(IntPtr.Zero, owned) { }
        public override bool IsInvalid => handle == IntPtr.Zero;
    }

    public sealed class Space : Handle
    {
        public Space() : base(true)
        {
            AfinaException.Check(C.afina_space_new(out handle));
        }

        public void Real(string name, double low, double high, Scale scale = Scale.Linear) =>
            AfinaException.Check(C.afina_space_add_real(this, name, low, high, (int)scale));

        public void Integer(string name, long low, long high, Scale scale = Scale.Linear) =>
            AfinaException.Check(C.afina_space_add_integer(this, name, low, high, (int)scale));

        public void Categorical(string name, params string[] choices) =>
            AfinaException.Check(C.afina_space_add_categorical(this, name, choices, C.Size(choices.Length)));

        // The child is active only where the parent has one of the values.
        public void ActiveIn(string child, string parent, params string[] values) =>
            AfinaException.Check(C.afina_space_add_condition_in(this, child, parent, values, C.Size(values.Length)));

        // The child is active only where the parent compares to the number as said.
        public void ActiveIf(string child, string parent, Comparison comparison, double number) =>
            AfinaException.Check(C.afina_space_add_condition(this, child, parent, (int)comparison, number));

        protected override bool ReleaseHandle()
        {
            C.afina_space_free(handle);
            return true;
        }
    }

    public sealed class Optimizer : Handle
    {
        // The space is copied.
        public Optimizer(Space space, string method) : base(true)
        {
            AfinaException.Check(C.afina_optimizer_new(out handle, space, method));
        }

        public void Set(string key, long value) =>
            AfinaException.Check(C.afina_optimizer_set_integer(this, key, value));

        public void Set(string key, string value) =>
            AfinaException.Check(C.afina_optimizer_set_string(this, key, value));

        public Trial Ask()
        {
            AfinaException.Check(C.afina_ask(this, out IntPtr trial));
            return new Trial(trial, true);
        }

        public Trial Best()
        {
            AfinaException.Check(C.afina_best(this, out IntPtr trial));
            return new Trial(trial, true);
        }

        // Evaluates trials with an objective, whose answer is the value, or null where it was told to stop. What it
        // throws ends the run and is thrown from here: it may not pass through C.
        public void Optimize(Func<Trial, double?> objective, long trials)
        {
            int failed = C.Constant("AFINA_E_CALLBACK");
            System.Runtime.ExceptionServices.ExceptionDispatchInfo thrown = null;
            C.Objective callback = (handle, values, user) =>
            {
                var trial = new Trial(handle, false);
                try
                {
                    double? value = objective(trial);
                    if (value.HasValue)
                        Marshal.Copy(new[] { value.Value }, 0, values, 1);
                    return 0;
                }
                catch (Exception e)
                {
                    thrown = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
                    C.afina_set_last_error(e.Message); // what the log says of the trial
                    return failed;
                }
                finally
                {
                    trial.Dispose(); // the library frees what it held
                }
            };
            int status = C.afina_optimize(this, callback, IntPtr.Zero, trials);
            GC.KeepAlive(callback);
            thrown?.Throw();
            AfinaException.Check(status);
        }

        // The number of trials, and of those that were stopped.
        public void Count(out int trials, out int stopped)
        {
            AfinaException.Check(C.afina_column_states(this, 0, null, UIntPtr.Zero, out UIntPtr count));
            var states = new int[(int)count];
            AfinaException.Check(C.afina_column_states(this, 0, states, count, out count));
            int state = C.Constant("AFINA_STATE_STOPPED");
            trials = states.Length;
            stopped = Array.FindAll(states, s => s == state).Length;
        }

        protected override bool ReleaseHandle()
        {
            C.afina_optimizer_free(handle);
            return true;
        }
    }

    // One evaluation of a point; it stays readable when its optimizer is freed.
    public sealed class Trial : Handle
    {
        internal Trial(IntPtr trial, bool owned) : base(owned)
        {
            SetHandle(trial);
        }

        public long Number => C.afina_trial_number(this);

        public double Value
        {
            get
            {
                AfinaException.Check(C.afina_trial_value(this, out double value));
                return value;
            }
        }

        // The point is borrowed from the trial.
        public double Real(string name)
        {
            AfinaException.Check(C.afina_point_get_real(C.afina_trial_point(this), name, out double value));
            GC.KeepAlive(this);
            return value;
        }

        public long Integer(string name)
        {
            AfinaException.Check(C.afina_point_get_integer(C.afina_trial_point(this), name, out long value));
            GC.KeepAlive(this);
            return value;
        }

        public string Choice(string name)
        {
            AfinaException.Check(C.afina_point_get_string(C.afina_trial_point(this), name, out IntPtr text));
            string value = C.Text(text);
            GC.KeepAlive(this);
            return value;
        }

        public void Report(double step, double value) =>
            AfinaException.Check(C.afina_trial_tell_report(this, step, ref value, C.Size(1)));

        public bool ShouldStop()
        {
            AfinaException.Check(C.afina_trial_should_stop(this, out int stop));
            return stop == 1;
        }

        public void Tell(double value) => AfinaException.Check(C.afina_trial_tell(this, ref value, C.Size(1)));

        public void TellStopped() => AfinaException.Check(C.afina_trial_tell_stopped(this));

        protected override bool ReleaseHandle()
        {
            C.afina_trial_free(handle);
            return true;
        }
    }
}
