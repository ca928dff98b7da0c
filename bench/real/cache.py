"""Values that were computed before, by (task, configuration, repeat), in an SQLite file that several processes may share."""
import json
import math
import sqlite3
import time

KEPT_BACK = 200
SECONDS = 5


class Cache:
    def __init__(self, path):
        self.new, self.saved = {}, time.time()
        self.base = sqlite3.connect(path, timeout=120, isolation_level=None) if path else None
        if self.base:
            self.base.execute("PRAGMA journal_mode=WAL")
            self.base.execute("PRAGMA synchronous=OFF")
            self.base.execute("CREATE TABLE IF NOT EXISTS value (key TEXT PRIMARY KEY, value REAL) WITHOUT ROWID")

    def get(self, key):
        if key in self.new:
            return self.new[key]
        row = self.base.execute("SELECT value FROM value WHERE key = ?", (key,)).fetchone() if self.base else None
        return None if row is None else math.nan if row[0] is None else row[0]

    def put(self, key, value):
        self.new[key] = value
        if len(self.new) >= KEPT_BACK or time.time() - self.saved > SECONDS:
            self.save()

    def save(self):
        if self.base and self.new:
            self.base.execute("BEGIN IMMEDIATE")
            self.base.executemany("INSERT OR REPLACE INTO value VALUES (?, ?)", list(self.new.items()))
            self.base.execute("COMMIT")
        self.new, self.saved = {}, time.time()


def key_of(task, point, repeat):
    """Twelve digits: what a library adds by rounding is the same configuration."""
    short = {k: float("%.12g" % v) if isinstance(v, float) else v for k, v in sorted(point.items())}
    return "%s %s %s" % (task, json.dumps(short, separators=(",", ":")), repeat)
