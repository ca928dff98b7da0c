"""Philox4x32-10, the stream from which the C side draws noise: the same words, so a peer meets the same noise."""
import math

M64 = (1 << 64) - 1


def philox(c, seed):
    k0, k1 = seed & 0xffffffff, seed >> 32
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k0, b & 0xffffffff, (a >> 32) ^ c[3] ^ k1, a & 0xffffffff]
        k0, k1 = (k0 + 0x9E3779B9) & 0xffffffff, (k1 + 0xBB67AE85) & 0xffffffff
    return c


def text_hash(text):
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = (h ^ byte) * 0x100000001B3 & M64
    return h


def unit(high, low):
    return ((high << 32 | low) >> 11) * 2.0**-53


def normal(seed, trial, index):
    c = philox([index, 0, trial & 0xffffffff, trial >> 32], seed)
    return math.sqrt(-2 * math.log(1 - unit(c[0], c[1]))) * math.cos(6.283185307179586 * unit(c[2], c[3]))
