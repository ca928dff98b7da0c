// The scenario of examples/ffi/README.md.
package main

import (
	"errors"
	"fmt"
	"log"
	"math"

	"scenario/afina"
)

func check(errs ...error) {
	for _, err := range errs {
		if err != nil {
			log.Fatal(err)
		}
	}
}

func makeOptimizer() *afina.Optimizer {
	space, err := afina.NewSpace()
	check(err)
	defer space.Close()
	check(
		space.Real("rate", 0.001, 1, afina.ScaleLog),
		space.Categorical("solver", "sgd", "adam"),
		space.Real("momentum", 0, 1, afina.ScaleLinear),
		space.ActiveIn("momentum", "solver", "sgd"),
		space.Integer("layers", 1, 3, afina.ScaleLinear),
		space.Integer("width", 4, 64, afina.ScaleLog),
		space.ActiveIf("width", "layers", afina.CompareGreaterEqual, 2),
	)
	optimizer, err := afina.NewOptimizer(space, "gp")
	check(err, optimizer.SetInteger("seed", 11), optimizer.SetString("stopper", "median"))
	return optimizer
}

// The conversions keep a product from being fused with the sum, which Go does on some processors.
func lossOf(trial *afina.Trial) (float64, error) {
	rate, err := trial.Real("rate")
	if err != nil {
		return 0, err
	}
	solver, err := trial.Choice("solver")
	if err != nil {
		return 0, err
	}
	layers, err := trial.Integer("layers")
	if err != nil {
		return 0, err
	}
	a := (rate - 0.05) / (rate + 0.05)
	loss := float64(a * a)
	if solver == "sgd" {
		momentum, err := trial.Real("momentum")
		if err != nil {
			return 0, err
		}
		m := momentum - 0.9
		loss = loss + float64(m*m)
	} else {
		loss = loss + 0.03
	}
	if layers >= 2 {
		width, err := trial.Integer("width")
		if err != nil {
			return 0, err
		}
		b := (float64(width) - 24) / (float64(width) + 24)
		loss = loss + float64(b*b)
	} else {
		loss = loss + 0.1
	}
	return loss + float64(0.01*float64(layers)), nil
}

// train reports step by step, until the last one or until the stopper ends the trial.
func train(trial *afina.Trial) (value float64, stopped bool, err error) {
	loss, err := lossOf(trial)
	if err != nil {
		return 0, false, err
	}
	for step := 1.0; step <= 10 && !stopped; step++ {
		value = loss + 0.5/step
		if err = trial.Report(step, value); err != nil {
			return 0, false, err
		}
		if stopped, err = trial.ShouldStop(); err != nil {
			return 0, false, err
		}
	}
	return value, stopped, nil
}

func breaks(*afina.Trial) (float64, bool, error) {
	return 0, false, errors.New("the training broke")
}

func runAsked(optimizer *afina.Optimizer) {
	for i := 0; i < 30; i++ {
		trial, err := optimizer.Ask()
		check(err)
		value, stopped, err := train(trial)
		check(err)
		if stopped {
			check(trial.TellStopped())
		} else {
			check(trial.Tell(value))
		}
		trial.Close()
	}
}

func printResult(how string, optimizer *afina.Optimizer) {
	states, err := optimizer.States()
	check(err)
	stopped := 0
	for _, state := range states {
		if state == afina.StateStopped {
			stopped++
		}
	}
	best, err := optimizer.Best()
	check(err)
	defer best.Close()
	value, err := best.Value()
	check(err)
	fmt.Printf("%s: %d trials, %d stopped, best %.6f in trial %d, bits %016x\n", how, len(states), stopped, value,
		best.Number(), math.Float64bits(value))
}

func main() {
	empty, err := afina.NewSpace()
	check(err)
	defer empty.Close()
	fmt.Println("error:", empty.Real("rate", 1, 0.001, afina.ScaleLinear))

	asked := makeOptimizer()
	defer asked.Close()
	runAsked(asked)
	printResult("asked", asked)

	called := makeOptimizer()
	defer called.Close()
	check(called.Optimize(train, 30))
	printResult("called", called)

	broken := makeOptimizer()
	defer broken.Close()
	fmt.Println("raised:", broken.Optimize(breaks, 30))
}
