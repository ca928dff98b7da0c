import afina.AfinaException;
import afina.Optimizer;
import afina.Scale;
import afina.Space;
import afina.Trial;
import java.util.Locale;
import java.util.OptionalDouble;

/** The scenario of examples/ffi/README.md. */
public final class Scenario {
    private static Optimizer makeOptimizer() {
        try (Space space = new Space()) {
            space.real("rate", 0.001, 1, Scale.LOG);
            space.categorical("solver", "sgd", "adam");
            space.real("momentum", 0, 1, Scale.LINEAR);
            space.activeIn("momentum", "solver", "sgd");
            space.integer("layers", 1, 3, Scale.LINEAR);
            space.integer("width", 4, 64, Scale.LOG);
            space.activeFrom("width", "layers", 2);
            Optimizer optimizer = new Optimizer(space, "gp");
            optimizer.set("seed", 11);
            optimizer.set("stopper", "median");
            return optimizer;
        }
    }

    private static double loss(Trial trial) {
        double rate = trial.real("rate");
        long layers = trial.integer("layers");
        double a = (rate - 0.05) / (rate + 0.05);
        double loss = a * a;
        if (trial.choice("solver").equals("sgd")) {
            double m = trial.real("momentum") - 0.9;
            loss = loss + m * m;
        } else {
            loss = loss + 0.03;
        }
        if (layers >= 2) {
            double width = trial.integer("width");
            double b = (width - 24) / (width + 24);
            loss = loss + b * b;
        } else {
            loss = loss + 0.1;
        }
        return loss + 0.01 * layers;
    }

    /** The value of the last step; empty when the stopper ended the trial. */
    private static OptionalDouble train(Trial trial) {
        double loss = loss(trial);
        double value = 0;
        for (int step = 1; step <= 10; step++) {
            value = loss + 0.5 / step;
            trial.report(step, value);
            if (trial.shouldStop()) {
                return OptionalDouble.empty();
            }
        }
        return OptionalDouble.of(value);
    }

    private static void runAsked(Optimizer optimizer) {
        for (int i = 0; i < 30; i++) {
            try (Trial trial = optimizer.ask()) {
                train(trial).ifPresentOrElse(trial::tell, trial::tellStopped);
            }
        }
    }

    private static void printResult(String how, Optimizer optimizer) {
        try (Trial best = optimizer.best()) {
            double value = best.value();
            System.out.println(String.format(Locale.ROOT,
                    "%s: %d trials, %d stopped, best %.6f in trial %d, bits %016x", how, optimizer.trialCount(),
                    optimizer.stoppedCount(), value, best.number(), Double.doubleToRawLongBits(value)));
        }
    }

    public static void main(String[] arguments) {
        try (Space space = new Space()) {
            space.real("rate", 1, 0.001, Scale.LINEAR);
        } catch (AfinaException e) {
            System.out.println("error: " + e.getMessage());
        }
        try (Optimizer asked = makeOptimizer()) {
            runAsked(asked);
            printResult("asked", asked);
        }
        try (Optimizer called = makeOptimizer()) {
            called.optimize(Scenario::train, 30);
            printResult("called", called);
        }
        try (Optimizer broken = makeOptimizer()) {
            broken.optimize(trial -> {
                throw new IllegalStateException("the training broke");
            }, 30);
        } catch (IllegalStateException e) {
            System.out.println("raised: " + e.getMessage());
        }
    }
}
