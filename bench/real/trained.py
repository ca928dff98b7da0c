"""The half with the noise of training: each evaluation has its own split of the rows and its own seed of the model.
Chosen before any result; none is dropped."""
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier
from sklearn.kernel_approximation import Nystroem, RBFSampler
from sklearn.linear_model import LogisticRegression, SGDClassifier, SGDRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.random_projection import GaussianRandomProjection
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

import data
import loss
import network
from parts import SCALERS, Boosted, best_features, nothing, scaled, yes
from task import above, choice, log_real, log_whole, ordered, real, task, when, whole

TASKS = []
noisy = "noisy"


def space_of(name):
    return next(t.space for t in TASKS if t.name == name)


@task(TASKS, noisy, whole("layers", 1, 2), log_whole("units_1", 4, 64), above("layers", 2, log_whole("units_2", 4, 64)),
      log_real("learning_rate_init", 1e-4, 0.3), log_real("alpha", 1e-6, 1), ordered("batch_size", 24, 32, 64, 128),
      log_real("one_minus_beta_1", 0.01, 0.5), log_real("one_minus_beta_2", 1e-4, 0.1),
      choice("activation", "relu", "tanh", "logistic"))
def adam_satellite(p, seed):
    x, y = data.standard(data.table("satellite", 320))
    units = tuple(p["units_%d" % k] for k in range(1, p["layers"] + 1))
    make = lambda: MLPClassifier(units, activation=p["activation"], alpha=p["alpha"], batch_size=int(p["batch_size"]),
                                 learning_rate_init=p["learning_rate_init"], beta_1=1 - p["one_minus_beta_1"],
                                 beta_2=1 - p["one_minus_beta_2"], max_iter=3, random_state=seed)
    return loss.once(make, loss.log_loss, x, y, seed)


@task(TASKS, noisy, log_whole("units", 4, 100), choice("activation", "relu", "tanh"), log_real("learning_rate_init", 1e-3, 3),
      choice("learning_rate", "constant", "invscaling", "adaptive"),
      when("learning_rate", ["invscaling"], real("power_t", 0, 1)), real("momentum", 0, 0.99), choice("nesterovs_momentum", "no", "yes"),
      log_real("alpha", 1e-6, 0.1), ordered("batch_size", 32, 64, 128))
def sgd_network_concrete(p, seed):
    x, y = data.unit(data.features("modeldata", "concrete", "compressive_strength", 300))
    q = dict({k: v for k, v in p.items() if k != "units"}, batch_size=int(p["batch_size"]),
             nesterovs_momentum=yes(p["nesterovs_momentum"]))
    make = lambda: MLPRegressor((p["units"],), solver="sgd", max_iter=5, random_state=seed, **q)
    return loss.once(make, loss.squared, x, y, seed)


@task(TASKS, noisy, whole("layers", 1, 3), log_whole("units_1", 8, 64), above("layers", 2, log_whole("units_2", 8, 64)),
      above("layers", 3, log_whole("units_3", 8, 64)), choice("activation_1", "relu", "tanh", "elu", "silu", "logistic"),
      choice("algorithm", "sgd", "nesterov", "rmsprop", "adam", "adamw"), log_real("learning_rate", 1e-4, 1),
      choice("schedule", "constant", "cosine", "exponential"), when("algorithm", ["nesterov"], real("momentum", 0.5, 0.99)),
      log_whole("batch_size", 8, 128), log_real("l2", 1e-7, 0.1), real("dropout", 0, 0.5))
def own_network_vowel(p, seed):
    x, y = data.standard(data.table("vowel", 500))
    return network.trained(space_of("own_network_vowel"), p, loss.split(x, y, seed), 8, "error", seed, True)


@task(TASKS, noisy, whole("layers", 1, 2), log_whole("units_1", 8, 64), above("layers", 2, log_whole("units_2", 8, 64)),
      choice("initial_weights", "glorot_uniform", "he_normal", "orthogonal", "normal"),
      choice("algorithm", "momentum", "adagrad", "adam"), log_real("learning_rate", 1e-4, 1),
      when("algorithm", ["momentum"], real("momentum", 0.5, 0.99)), log_whole("batch_size", 8, 128), log_real("l2", 1e-7, 0.1))
def own_network_computers(p, seed):
    x, y = data.unit(data.features("Ecdat", "Computers", "price", 500))
    return network.trained(space_of("own_network_computers"), p, loss.split(x, y, seed), 6, "mae", seed, False)


@task(TASKS, noisy, choice("loss", "hinge", "log_loss", "modified_huber", "perceptron"), choice("penalty", "l2", "l1", "elasticnet"),
      when("penalty", ["elasticnet"], real("l1_ratio", 0, 1)), log_real("alpha", 1e-7, 0.1),
      choice("learning_rate", "optimal", "constant", "invscaling", "adaptive"),
      when("learning_rate", ["constant", "invscaling", "adaptive"], log_real("eta0", 1e-4, 10)),
      when("learning_rate", ["invscaling"], real("power_t", 0, 1)), log_whole("max_iter", 1, 20), choice("average", "no", "yes"),
      choice("scaler", "none", "standard", "minmax"))
def sgd_spam(p, seed):
    x, y = data.features("DAAG", "spam7", "yesno", 500)
    q = dict({k: v for k, v in p.items() if k != "scaler"}, average=yes(p["average"]))
    make = lambda: scaled(p, SGDClassifier(tol=None, random_state=seed, **q))
    return loss.once(make, loss.error, x, y, seed)


@task(TASKS, noisy, choice("loss", "squared_error", "huber", "epsilon_insensitive"), when("loss", ["huber", "epsilon_insensitive"],
      log_real("epsilon", 1e-3, 1)), log_real("alpha", 1e-7, 1), real("l1_ratio", 0, 1), log_real("eta0", 1e-5, 1),
      choice("learning_rate", "constant", "invscaling", "adaptive"), when("learning_rate", ["invscaling"], real("power_t", 0, 1)),
      log_whole("max_iter", 1, 30))
def sgd_salaries(p, seed):
    x, y = data.unit(data.features("ISLR", "Hitters", "Salary", 263))
    make = lambda: SGDRegressor(penalty="elasticnet", tol=None, random_state=seed, **p)
    return loss.once(make, loss.squared, x, y, seed)


@task(TASKS, noisy, log_whole("n_estimators", 2, 10), whole("max_depth", 1, 16), real("max_features", 0.05, 1),
      log_whole("min_samples_leaf", 1, 20), choice("criterion", "gini", "entropy"), choice("bootstrap", "no", "yes"),
      choice("class_weight", "none", "balanced"))
def extra_trees_hpc(p, seed):
    x, y = data.table("hpc", 500)
    q = dict(p, bootstrap=yes(p["bootstrap"]), class_weight=nothing(p["class_weight"]))
    return loss.once(lambda: ExtraTreesClassifier(random_state=seed, **q), loss.log_loss, x, y, seed)


@task(TASKS, noisy, log_whole("n_estimators", 5, 50), log_real("learning_rate", 1e-2, 1), log_whole("num_leaves", 2, 40),
      log_whole("min_child_samples", 2, 60), real("subsample", 0.3, 0.95), real("colsample_bytree", 0.2, 1),
      log_real("reg_lambda", 1e-4, 100), choice("boosting", "gbdt", "dart", "rf"),
      when("boosting", ["dart"], real("drop_rate", 0, 0.5)), when("boosting", ["dart"], real("skip_drop", 0, 1)))
def lightgbm_visits(p, seed):
    x, y = data.features("AER", "NMES1988", "visits", 400, ("nvisits", "ovisits", "novisits"))
    q = dict(p, subsample_freq=1, max_bin=31)
    return loss.once(lambda: Boosted("regression_l1", seed, q), loss.absolute, x, y, seed)


@task(TASKS, noisy, log_whole("n_estimators", 3, 20), log_real("learning_rate", 1e-2, 2), whole("max_depth", 1, 6),
      real("subsample", 0.2, 1), real("max_features", 0.1, 1), log_whole("min_samples_leaf", 1, 40))
def boosting_juice(p, seed):
    x, y = data.features("ISLR", "OJ", "Purchase", 400)
    return loss.once(lambda: GradientBoostingClassifier(random_state=seed, **p), loss.log_loss, x, y, seed)


@task(TASKS, noisy, choice("criterion", "gini", "entropy"), whole("max_depth", 1, 12), log_whole("min_samples_leaf", 1, 50),
      log_whole("min_samples_split", 2, 80), real("max_features", 0.1, 1), log_real("ccp_alpha", 1e-4, 0.2),
      choice("class_weight", "none", "balanced"))
def tree_pima(p, seed):
    x, y = data.features("MASS", "Pima.te", "type", 332)
    make = lambda: DecisionTreeClassifier(random_state=seed, **dict(p, class_weight=nothing(p["class_weight"])))
    return loss.once(make, loss.auc, x, y, seed)


@task(TASKS, noisy, log_real("C", 1e-3, 1e3), choice("kernel", "rbf", "linear", "poly"),
      when("kernel", ["rbf", "poly"], log_real("gamma", 1e-4, 10)), when("kernel", ["poly"], whole("degree", 2, 4)),
      choice("class_weight", "none", "balanced"))
def svc_ionosphere(p, seed):
    x, y = data.standard(data.table("ionosphere", 200))
    make = lambda: SVC(max_iter=2000, **dict(p, class_weight=nothing(p["class_weight"])))
    return loss.once(make, loss.auc, x, y, seed, 0.5)


@task(TASKS, noisy, choice("features", "fourier", "landmarks", "projection", "best"), log_whole("count", 2, 100),
      when("features", ["fourier"], log_real("width", 1e-4, 1)), when("features", ["landmarks"], log_real("gamma", 1e-4, 1)),
      when("features", ["landmarks"], choice("kernel", "rbf", "laplacian", "sigmoid")),
      choice("scaler", "none", "standard", "minmax"), choice("model", "logistic", "sgd", "tree"),
      when("model", ["logistic"], log_real("C", 1e-3, 1e3)), when("model", ["sgd"], log_real("alpha", 1e-6, 1)),
      when("model", ["sgd"], choice("loss", "hinge", "log_loss")), when("model", ["tree"], whole("max_depth", 1, 12)),
      when("model", ["tree"], log_whole("min_samples_leaf", 1, 40)))
def pipeline_cells(p, seed):
    x, y = data.standard(data.features("modeldata", "cells", "class", 400, ("case",)))
    features = {"fourier": lambda: RBFSampler(gamma=p["width"], n_components=p["count"], random_state=seed),
                "landmarks": lambda: Nystroem(p["kernel"], gamma=p["gamma"], n_components=p["count"], random_state=seed),
                "projection": lambda: GaussianRandomProjection(p["count"], random_state=seed),
                "best": lambda: best_features(p["count"], x.shape[1], True)}
    model = {"logistic": lambda: LogisticRegression(C=p["C"], max_iter=15),
             "sgd": lambda: SGDClassifier(loss=p["loss"], alpha=p["alpha"], max_iter=10, tol=None, random_state=seed),
             "tree": lambda: DecisionTreeClassifier(max_depth=p["max_depth"], min_samples_leaf=p["min_samples_leaf"],
                                                    random_state=seed)}
    make = lambda: make_pipeline(SCALERS[p["scaler"]](), features[p["features"]](), model[p["model"]]())
    return loss.once(make, loss.error, x, y, seed)
