"""The deterministic half: models of fixed seeds under fixed cross-validation. Chosen before any result; none is dropped."""
import numpy
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeRegressor

import data
import loss
from parts import SCALERS, Boosted, best_features, fraction_of, nothing, scaled, yes
from task import choice, log_real, log_whole, real, task, when, whole

TASKS = []
fixed = "deterministic"


@task(TASKS, fixed, log_real("C", 1e-2, 1e4), choice("kernel", "rbf", "poly", "sigmoid"), log_real("gamma", 1e-4, 10),
      when("kernel", ["poly"], whole("degree", 2, 5)), when("kernel", ["poly", "sigmoid"], real("coef0", -1, 3)))
def svc_vowel(p):
    x, y = data.standard(data.table("vowel", 220))
    return loss.folds(lambda: SVC(max_iter=3000, **p), loss.error, x, y, 2)


@task(TASKS, fixed, log_real("C", 1e-2, 1e3), log_real("gamma", 1e-4, 10), log_real("epsilon", 1e-3, 1),
      choice("scaler", "none", "standard", "minmax", "robust"))
def svr_concrete(p):
    x, y = data.unit(data.features("modeldata", "concrete", "compressive_strength", 200))
    make = lambda: scaled(p, SVR(C=p["C"], gamma=p["gamma"], epsilon=p["epsilon"], max_iter=2000))
    return loss.folds(make, loss.squared, x, y, 2)


@task(TASKS, fixed, choice("penalty", "l1", "l2"), log_real("C", 1e-4, 1e3), choice("weight", "none", "balanced"),
      log_real("intercept_scaling", 0.1, 100), choice("products", "no", "yes"), choice("scaler", "none", "standard", "minmax"))
def logistic_work(p):
    x, y = data.standard(data.features("AER", "PSID1976", "participation", 240, ("hours", "wage", "repwage")))
    steps = [PolynomialFeatures(2, interaction_only=True, include_bias=False)] if yes(p["products"]) else []
    make = lambda: make_pipeline(best_features(8, x.shape[1], True), *steps, SCALERS[p["scaler"]](), LogisticRegression(
        penalty=p["penalty"], C=p["C"], class_weight=nothing(p["weight"]), solver="liblinear",
        intercept_scaling=p["intercept_scaling"], max_iter=20, random_state=0))
    return loss.folds(make, loss.log_loss, x, y, 2)


@task(TASKS, fixed, log_real("alpha", 1e-4, 10), real("l1_ratio", 0, 1), whole("degree", 1, 2),
      choice("scaler", "none", "standard", "minmax", "robust"), choice("log_target", "no", "yes"))
def elastic_net_college(p):
    x, y = data.features("ISLR", "College", "Outstate", 160)
    target = numpy.log(y) if yes(p["log_target"]) else y / 1e4

    class Model:
        def fit(self, a, b):
            net = ElasticNet(alpha=p["alpha"], l1_ratio=p["l1_ratio"], max_iter=30)
            self.steps = make_pipeline(PolynomialFeatures(p["degree"], include_bias=False), SCALERS[p["scaler"]](), net)
            self.steps.fit(a[:, 1:11], b)
            return self

        def predict(self, a):
            z = self.steps.predict(a[:, 1:11])
            return numpy.exp(numpy.clip(z, 0, 20)) / 1e4 if yes(p["log_target"]) else z
    cut = lambda model, a, b: loss.absolute(model, a, numpy.exp(b) / 1e4 if yes(p["log_target"]) else b)
    return loss.folds(Model, cut, numpy.log1p(numpy.abs(x)), target, 2)


@task(TASKS, fixed, log_real("alpha", 1e-5, 10), choice("products", "no", "yes"),
      choice("scaler", "standard", "minmax", "robust"), choice("positive", "no", "yes"), whole("kept", 3, 19))
def lasso_hitters(p):
    x, y = data.standard(data.features("ISLR", "Hitters", "Salary", 263))
    steps = [PolynomialFeatures(2, include_bias=False)] if yes(p["products"]) else []
    make = lambda: make_pipeline(best_features(p["kept"], x.shape[1], False), *steps, SCALERS[p["scaler"]](),
                                 Lasso(alpha=p["alpha"], positive=yes(p["positive"]), max_iter=40))
    return loss.folds(make, loss.squared, x, numpy.log(y), 2)


@task(TASKS, fixed, log_real("alpha", 1e-5, 1e2), choice("kernel", "rbf", "laplacian", "polynomial", "cosine"),
      when("kernel", ["rbf", "laplacian", "polynomial"], log_real("gamma", 1e-4, 1)),
      when("kernel", ["polynomial"], whole("degree", 2, 5)), when("kernel", ["polynomial"], real("coef0", 0, 3)))
def kernel_ridge_houses(p):
    x, y = data.unit(data.features("AER", "HousePrices", "price", 200))
    return loss.folds(lambda: KernelRidge(**p), loss.absolute, x, y, 3)


@task(TASKS, fixed, log_whole("n_neighbors", 1, 60), choice("weights", "uniform", "distance"),
      choice("metric", "euclidean", "manhattan", "chebyshev", "cosine", "canberra"), whole("components", 2, 30),
      choice("scaler", "none", "standard", "robust", "normal"))
def neighbours_satellite(p):
    x, y = data.table("satellite", 260)
    make = lambda: make_pipeline(SCALERS[p["scaler"]](), PCA(p["components"], random_state=0), KNeighborsClassifier(
        p["n_neighbors"], weights=p["weights"], metric=p["metric"], algorithm="brute"))
    return loss.folds(make, loss.error, x, y, 2)


@task(TASKS, fixed, choice("criterion", "squared_error", "friedman_mse", "poisson"), whole("max_depth", 1, 20),
      log_whole("min_samples_split", 2, 60), log_whole("min_samples_leaf", 1, 40), real("max_features", 0.1, 1),
      log_real("ccp_alpha", 1e-5, 1), log_real("min_impurity_decrease", 1e-6, 1), choice("splitter", "best", "random"))
def tree_wages(p):
    x, y = data.features("AER", "CPS1985", "wage", 534)
    return loss.folds(lambda: DecisionTreeRegressor(random_state=0, **p), loss.absolute, x, y, 3)


@task(TASKS, fixed, log_whole("n_estimators", 2, 10), whole("max_depth", 1, 14), choice("max_features", "sqrt", "log2", "0.5", "all"),
      log_whole("min_samples_leaf", 1, 30), choice("criterion", "gini", "entropy"), choice("bootstrap", "no", "yes"),
      when("bootstrap", ["yes"], real("max_samples", 0.2, 1)))
def forest_juice(p):
    x, y = data.features("ISLR", "OJ", "Purchase", 300)
    q = dict(p, bootstrap=yes(p["bootstrap"]), max_features=fraction_of(p["max_features"]))
    return loss.folds(lambda: RandomForestClassifier(random_state=0, **q), loss.log_loss, x, y, 2)


@task(TASKS, fixed, log_whole("n_estimators", 3, 40), log_real("learning_rate", 1e-2, 1), log_whole("num_leaves", 2, 40),
      log_whole("min_child_samples", 2, 60), real("subsample", 0.3, 1), whole("subsample_freq", 0, 5),
      real("colsample_bytree", 0.1, 1), log_real("reg_lambda", 1e-4, 100), log_real("reg_alpha", 1e-4, 10),
      log_real("min_split_gain", 1e-4, 5))
def lightgbm_cells(p):
    x, y = data.features("modeldata", "cells", "class", 300, ("case",))
    return loss.folds(lambda: Boosted("binary", 0, dict(p, max_bin=31)), loss.auc, x[:, :20], y, 2)


@task(TASKS, fixed, log_whole("n_estimators", 3, 25), log_real("learning_rate", 3e-2, 1), whole("max_depth", 1, 8),
      real("subsample", 0.3, 1), log_whole("min_samples_leaf", 1, 30), choice("criterion", "friedman_mse", "squared_error"),
      real("max_features", 0.1, 1), log_real("min_impurity_decrease", 1e-4, 1))
def boosting_carseats(p):
    x, y = data.features("ISLR", "Carseats", "Sales", 250)
    return loss.folds(lambda: GradientBoostingRegressor(random_state=0, **p), loss.squared, x, y, 2)


@task(TASKS, fixed, choice("scaler", "none", "standard", "minmax"), choice("features", "all", "pca", "best"),
      when("features", ["pca"], whole("components", 2, 25)), when("features", ["pca"], choice("whiten", "no", "yes")),
      when("features", ["best"], log_whole("kept", 1, 30)), choice("model", "svm", "neighbours", "ridge", "discriminant", "bayes"),
      when("model", ["svm"], log_real("C", 1e-2, 1e3)), when("model", ["svm"], log_real("gamma", 1e-4, 10)),
      when("model", ["neighbours"], log_whole("n_neighbors", 1, 40)),
      when("model", ["neighbours"], choice("weights", "uniform", "distance")),
      when("model", ["ridge"], log_real("alpha", 1e-4, 1e3)), when("model", ["discriminant"], real("shrinkage", 0, 1)),
      when("model", ["bayes"], log_real("smoothing", 1e-10, 1)))
def pipeline_ionosphere(p):
    x, y = data.table("ionosphere", 240)
    reducer = {"all": lambda: "passthrough",
               "pca": lambda: PCA(p["components"], whiten=yes(p["whiten"]), random_state=0),
               "best": lambda: best_features(p["kept"], x.shape[1], True)}
    model = {"svm": lambda: SVC(C=p["C"], gamma=p["gamma"], max_iter=3000),
             "neighbours": lambda: KNeighborsClassifier(p["n_neighbors"], weights=p["weights"], algorithm="brute"),
             "ridge": lambda: RidgeClassifier(alpha=p["alpha"]),
             "discriminant": lambda: LinearDiscriminantAnalysis(solver="lsqr", shrinkage=p["shrinkage"]),
             "bayes": lambda: GaussianNB(var_smoothing=p["smoothing"])}
    make = lambda: make_pipeline(SCALERS[p["scaler"]](), reducer[p["features"]](), model[p["model"]]())
    return loss.folds(make, loss.error, x, y, 2)
