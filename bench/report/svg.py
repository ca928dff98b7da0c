"""Line charts and a scatter chart as SVG text."""
import math
from xml.sax.saxutils import escape

COLORS = ["#0b6e4f", "#c44536", "#2f5d9b", "#b07d12", "#6b3fa0", "#3a8ea5", "#8a4b2a", "#d0679d"]
FONT = 'font-family="Helvetica, Arial, sans-serif"'


def text(x, y, words, size=11, anchor="start", color="#222", extra=""):
    return '<text x="%.1f" y="%.1f" font-size="%g" text-anchor="%s" fill="%s" %s>%s</text>' % (
        x, y, size, anchor, color, extra, escape(words))


def line(x1, y1, x2, y2, color="#888", width=1):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="%g"/>' % (x1, y1, x2, y2, color, width)


def document(width, height, parts):
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" %s>\n'
            '<rect width="100%%" height="100%%" fill="white"/>\n%s\n</svg>\n' % (width, height, width, height, FONT,
                                                                            "\n".join(parts)))


def decades(low, high):
    first, last = math.floor(low), math.ceil(high)
    every = max(1, math.ceil((last - first) / 5))
    return [k for k in range(first, last + 1) if k % every == 0]


def power(k):
    return {0: "1", 1: "10", 2: "100", -1: "0.1", -2: "0.01", 3: "1,000"}.get(k, "1e%d" % k)


class Frame:
    """A plot area: x and y in data units to pixels."""

    def __init__(self, x, y, width, height, xs, ys):
        self.x, self.y, self.width, self.height, self.xs, self.ys = x, y, width, height, xs, ys

    def at(self, x, y):
        u = (x - self.xs[0]) / (self.xs[1] - self.xs[0])
        v = (y - self.ys[0]) / (self.ys[1] - self.ys[0])
        return self.x + u * self.width, self.y + self.height - v * self.height

    def box(self):
        return '<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="none" stroke="#ccc"/>' % (
            self.x, self.y, self.width, self.height)

    def curve(self, points, color, width):
        path = " ".join("%.1f,%.1f" % self.at(x, y) for x, y in points)
        return '<polyline points="%s" fill="none" stroke="%s" stroke-width="%g"/>' % (path, color, width)


def panel(frame, title, curves, x_ticks):
    """curves: [(points with y = log10, color, width)]"""
    parts = [frame.box(), text(frame.x, frame.y - 5, title, 11)]
    for k in decades(*frame.ys):
        if frame.ys[0] <= k <= frame.ys[1]:
            y = frame.at(frame.xs[0], k)[1]
            parts += [line(frame.x, y, frame.x + frame.width, y, "#eee"), text(frame.x - 4, y + 3, power(k), 9, "end", "#666")]
    for x in x_ticks:
        parts.append(text(frame.at(x, 0)[0], frame.y + frame.height + 12, str(x), 9, "middle", "#666"))
    return parts + [frame.curve(*c) for c in curves]


def legend(x, y, entries, width=170, columns=5):
    parts = []
    for i, (name, color) in enumerate(entries):
        left, top = x + (i % columns) * width, y + (i // columns) * 16
        parts += [line(left, top - 4, left + 18, top - 4, color, 2.5), text(left + 23, top, name, 11)]
    return parts


def small_multiples(title, panels, entries, columns=4):
    """panels: [(title, curves, (x low, x high), (y low, y high), x ticks)]"""
    w, h, left, top = 210, 150, 50, 62 + 16 * ((len(entries) - 1) // 5)
    rows = math.ceil(len(panels) / columns)
    parts = [text(left, 22, title, 14, extra='font-weight="bold"')] + legend(left, 42, entries)
    for i, (name, curves, xs, ys, ticks) in enumerate(panels):
        frame = Frame(left + (i % columns) * (w + 40), top + 15 + (i // columns) * (h + 45), w, h, xs, ys)
        parts += panel(frame, name, curves, ticks)
    return document(left + columns * (w + 40), top + 15 + rows * (h + 45), parts)


def place(labels, x, y, words):
    """The first of some places about a dot whose text covers no other."""
    width = 5.6 * len(words)
    for dx, dy in ((7, 4), (7, -7), (7, 14), (-7 - width, 4), (-7 - width, -7), (-7 - width, 14), (7, 24), (7, -17),
                   (-7 - width, 24), (-7 - width, -17), (7, 34), (7, -27), (7, 44)):
        box = (x + dx, y + dy - 9, x + dx + width, y + dy + 2)
        if all(box[2] < b[0] or b[2] < box[0] or box[3] < b[1] or b[3] < box[1] for b in labels):
            break
    labels.append(box)
    return box[0], box[1] + 9


def scatter(title, x_title, y_title, dots, width=1000, height=560):
    """dots: [(log10 x, y, name, color)]; low y is drawn high, because it is good."""
    xs = min(d[0] for d in dots) - 0.3, max(d[0] for d in dots) + 1.0
    ys = max(d[1] for d in dots) + 0.12, min(d[1] for d in dots) - 0.12
    frame = Frame(70, 40, width - 90, height - 90, xs, ys)
    parts = [text(70, 24, title, 14, extra='font-weight="bold"'), frame.box()]
    for k in range(math.ceil(xs[0]), math.floor(xs[1]) + 1):
        x = frame.at(k, ys[0])[0]
        parts += [line(x, 40, x, height - 50, "#eee"), text(x, height - 35, power(k), 10, "middle", "#666")]
    for i in range(math.ceil(ys[1] * 4), math.floor(ys[0] * 4) + 1):
        y = frame.at(xs[0], i / 4)[1]
        parts += [line(70, y, width - 20, y, "#eee"), text(64, y + 3, "%.2f" % (i / 4), 10, "end", "#666")]
    parts += [text(70 + frame.width / 2, height - 14, x_title, 11, "middle"),
              text(18, 40 + frame.height / 2, y_title, 11, "middle",
                   extra='transform="rotate(-90 18 %.1f)"' % (40 + frame.height / 2))]
    spots = [frame.at(x, y) for x, y, _, _ in dots]
    labels = [(x - 4, y - 4, x + 4, y + 4) for x, y in spots]
    for (x, y), (_, _, name, color) in sorted(zip(spots, dots), key=lambda s: s[0]):
        at = place(labels, x, y, name)
        parts += ['<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>' % (x, y, color), text(*at, name, 10, color=color)]
    return document(width, height, parts)
