"""Parts of models that several tasks use: scalers, features, and what a text of the space means to scikit-learn."""
import lightgbm
import numpy
from sklearn import preprocessing
from sklearn.feature_selection import SelectKBest, f_classif, f_regression
from sklearn.pipeline import make_pipeline

SCALERS = {"none": lambda: "passthrough", "standard": preprocessing.StandardScaler, "minmax": preprocessing.MinMaxScaler,
           "robust": preprocessing.RobustScaler, "normal": preprocessing.Normalizer}


def scaled(p, model, key="scaler"):
    return make_pipeline(SCALERS[p[key]](), model)


def best_features(count, columns, classes):
    return SelectKBest(f_classif if classes else f_regression, k=min(count, columns))


def yes(text):
    return text == "yes"


def nothing(text):
    """The choice "none" is Python's None."""
    return None if text == "none" else text


def fraction_of(text):
    """A share of the features, or the name of a rule."""
    return None if text == "all" else text if text in ("sqrt", "log2") else float(text)


class Boosted:
    """LightGBM without its scikit-learn wrapper, which costs more than these trainings."""
    FIXED = {"num_threads": 1, "deterministic": True, "force_row_wise": True, "verbosity": -1}

    def __init__(self, objective, seed, parameters):
        self.rounds = parameters["n_estimators"]
        self.settings = dict(self.FIXED, objective=objective, seed=seed,
                             **{k: v for k, v in parameters.items() if k != "n_estimators"})

    def fit(self, x, y):
        rows = lightgbm.Dataset(x, y, params=self.settings)
        self.model = lightgbm.train(self.settings, rows, self.rounds, keep_training_booster=True)
        return self

    def predict(self, x):
        return self.model.predict(x)

    def predict_proba(self, x):
        p = self.model.predict(x)
        return numpy.column_stack([1 - p, p])
