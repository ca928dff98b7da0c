// The scenario of examples/ffi/README.md.
import { AfinaError, Optimizer, Space, constant } from './afina.mjs';

function makeOptimizer() {
  const space = new Space();
  space.real('rate', 0.001, 1, 'AFINA_SCALE_LOG');
  space.categorical('solver', ['sgd', 'adam']);
  space.real('momentum', 0, 1);
  space.activeIn('momentum', 'solver', ['sgd']);
  space.integer('layers', 1, 3);
  space.integer('width', 4, 64, 'AFINA_SCALE_LOG');
  space.activeIf('width', 'layers', 'AFINA_COMPARE_GREATER_EQUAL', 2);
  return new Optimizer(space, 'gp', { seed: 11, stopper: 'median' });
}

function lossOf(trial) {
  const rate = trial.real('rate');
  const layers = trial.integer('layers');
  const a = (rate - 0.05) / (rate + 0.05);
  let loss = a * a;
  if (trial.string('solver') === 'sgd') {
    const m = trial.real('momentum') - 0.9;
    loss = loss + m * m;
  } else {
    loss = loss + 0.03;
  }
  if (layers >= 2) {
    const width = trial.integer('width');
    const b = (width - 24) / (width + 24);
    loss = loss + b * b;
  } else {
    loss = loss + 0.1;
  }
  return loss + 0.01 * layers;
}

// The value of the last step; undefined when the stopper ended the trial.
function train(trial) {
  const loss = lossOf(trial);
  let value;
  for (let step = 1; step <= 10; step++) {
    value = loss + 0.5 / step;
    trial.report(step, value);
    if (trial.shouldStop()) {
      return undefined;
    }
  }
  return value;
}

function printResult(how, optimizer) {
  const states = optimizer.states();
  const stopped = states.filter((state) => state === constant('AFINA_STATE_STOPPED')).length;
  const best = optimizer.best();
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(best.value);
  console.log(
    `${how}: ${states.length} trials, ${stopped} stopped, best ${best.value.toFixed(6)} in trial ${best.number}, ` +
      `bits ${bits.toString('hex')}`,
  );
}

try {
  new Space().real('rate', 1, 0.001);
} catch (error) {
  if (!(error instanceof AfinaError)) {
    throw error;
  }
  console.log(`error: ${error.message}`);
}

const asked = makeOptimizer();
for (let i = 0; i < 30; i++) {
  const trial = asked.ask();
  const value = train(trial);
  if (value === undefined) {
    trial.tellStopped();
  } else {
    trial.tell(value);
  }
}
printResult('asked', asked);

const called = makeOptimizer();
called.optimize(train, 30);
printResult('called', called);

try {
  makeOptimizer().optimize(() => {
    throw new Error('the training broke');
  }, 30);
} catch (error) {
  console.log(`raised: ${error.message}`);
}
