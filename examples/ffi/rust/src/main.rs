//! The scenario of examples/ffi/README.md.

use afina::{Error, Optimizer, Result, Scale, Space, Trial};

fn make_optimizer() -> Result<Optimizer> {
    let mut space = Space::new()?;
    space.real("rate", 0.001, 1.0, Scale::Log)?;
    space.categorical("solver", &["sgd", "adam"])?;
    space.real("momentum", 0.0, 1.0, Scale::Linear)?;
    space.active_in("momentum", "solver", &["sgd"])?;
    space.integer("layers", 1, 3, Scale::Linear)?;
    space.integer("width", 4, 64, Scale::Log)?;
    space.active_from("width", "layers", 2.0)?;
    let mut optimizer = Optimizer::new(&space, "gp")?;
    optimizer.set_integer("seed", 11)?;
    optimizer.set_string("stopper", "median")?;
    Ok(optimizer)
}

fn loss_of(trial: &Trial) -> Result<f64> {
    let rate = trial.real("rate")?;
    let layers = trial.integer("layers")?;
    let a = (rate - 0.05) / (rate + 0.05);
    let mut loss = a * a;
    loss += if trial.choice("solver")? == "sgd" {
        let m = trial.real("momentum")? - 0.9;
        m * m
    } else {
        0.03
    };
    loss += if layers >= 2 {
        let width = trial.integer("width")? as f64;
        let b = (width - 24.0) / (width + 24.0);
        b * b
    } else {
        0.1
    };
    Ok(loss + 0.01 * layers as f64)
}

/// The value of the last step; None when the stopper ended the trial.
fn train(trial: &mut Trial) -> Result<Option<f64>> {
    let loss = loss_of(trial)?;
    let mut value = 0.0;
    for step in 1..=10 {
        value = loss + 0.5 / f64::from(step);
        trial.report(f64::from(step), value)?;
        if trial.should_stop()? {
            return Ok(None);
        }
    }
    Ok(Some(value))
}

fn run_asked(optimizer: &mut Optimizer) -> Result<()> {
    for _ in 0..30 {
        let mut trial = optimizer.ask()?;
        match train(&mut trial)? {
            Some(value) => trial.tell(value)?,
            None => trial.tell_stopped()?,
        }
    }
    Ok(())
}

fn print_result(how: &str, optimizer: &Optimizer) -> Result<()> {
    let (trials, stopped) = optimizer.counts()?;
    let best = optimizer.best()?;
    let (value, number) = (best.value()?, best.number());
    let bits = value.to_bits();
    println!("{how}: {trials} trials, {stopped} stopped, best {value:.6} in trial {number}, bits {bits:016x}");
    Ok(())
}

fn main() -> Result<()> {
    if let Err(error) = Space::new()?.real("rate", 1.0, 0.001, Scale::Linear) {
        println!("error: {error}");
    }

    let mut asked = make_optimizer()?;
    run_asked(&mut asked)?;
    print_result("asked", &asked)?;

    let mut called = make_optimizer()?;
    called.optimize(train, 30)?;
    print_result("called", &called)?;

    if let Err(error) = make_optimizer()?.optimize(|_| Err(Error::new("the training broke")), 30) {
        println!("raised: {error}");
    }
    Ok(())
}
