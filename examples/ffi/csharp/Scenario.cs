// The scenario of examples/ffi/README.md.
using System;
using System.Globalization;
using Afina;

static class Scenario
{
    static Optimizer MakeOptimizer()
    {
        using (var space = new Space())
        {
            space.Real("rate", 0.001, 1, Scale.Log);
            space.Categorical("solver", "sgd", "adam");
            space.Real("momentum", 0, 1);
            space.ActiveIn("momentum", "solver", "sgd");
            space.Integer("layers", 1, 3);
            space.Integer("width", 4, 64, Scale.Log);
            space.ActiveIf("width", "layers", Comparison.GreaterEqual, 2);
            var optimizer = new Optimizer(space, "gp");
            optimizer.Set("seed", 11);
            optimizer.Set("stopper", "median");
            return optimizer;
        }
    }

    static double Loss(Trial trial)
    {
        double rate = trial.Real("rate");
        long layers = trial.Integer("layers");
        double a = (rate - 0.05) / (rate + 0.05);
        double loss = a * a;
        if (trial.Choice("solver") == "sgd")
        {
            double m = trial.Real("momentum") - 0.9;
            loss = loss + m * m;
        }
        else
        {
            loss = loss + 0.03;
        }
        if (layers >= 2)
        {
            double width = trial.Integer("width");
            double b = (width - 24) / (width + 24);
            loss = loss + b * b;
        }
        else
        {
            loss = loss + 0.1;
        }
        return loss + 0.01 * layers;
    }

    // The value of the last step; null when the stopper ended the trial.
    static double? Train(Trial trial)
    {
        double loss = Loss(trial), value = 0;
        for (int step = 1; step <= 10; step++)
        {
            value = loss + 0.5 / step;
            trial.Report(step, value);
            if (trial.ShouldStop())
                return null;
        }
        return value;
    }

    static void RunAsked(Optimizer optimizer)
    {
        for (int i = 0; i < 30; i++)
        {
            using (Trial trial = optimizer.Ask())
            {
                double? value = Train(trial);
                if (value.HasValue)
                    trial.Tell(value.Value);
                else
                    trial.TellStopped();
            }
        }
    }

    static void PrintResult(string how, Optimizer optimizer)
    {
        optimizer.Count(out int trials, out int stopped);
        using (Trial best = optimizer.Best())
        {
            long bits = BitConverter.DoubleToInt64Bits(best.Value);
            Console.WriteLine(string.Format(CultureInfo.InvariantCulture,
                "{0}: {1} trials, {2} stopped, best {3:F6} in trial {4}, bits {5:x16}", how, trials, stopped,
                best.Value, best.Number, bits));
        }
    }

    static void Main()
    {
        try
        {
            using (var space = new Space())
                space.Real("rate", 1, 0.001);
        }
        catch (AfinaException e)
        {
            Console.WriteLine("error: " + e.Message);
        }
        using (Optimizer asked = MakeOptimizer())
        {
            RunAsked(asked);
            PrintResult("asked", asked);
        }
        using (Optimizer called = MakeOptimizer())
        {
            called.Optimize(Train, 30);
            PrintResult("called", called);
        }
        try
        {
            using (Optimizer broken = MakeOptimizer())
                broken.Optimize(trial => throw new InvalidOperationException("the training broke"), 30);
        }
        catch (InvalidOperationException e)
        {
            Console.WriteLine("raised: " + e.Message);
        }
    }
}
