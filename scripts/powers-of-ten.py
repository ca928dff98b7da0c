#!/usr/bin/env python3
"""Writes src/core/powers_of_ten.c: python3 scripts/powers-of-ten.py >src/core/powers_of_ten.c"""

SMALLEST, LARGEST = -342, 324


def significand(power):
    """The 128 leading bits of 10^power, rounded up."""
    numerator, denominator = 10 ** max(power, 0), 10 ** max(-power, 0)
    shift = 128 - (numerator.bit_length() - denominator.bit_length())
    for shift in (shift, shift - 1):
        g = -((-numerator << max(shift, 0)) // (denominator << max(-shift, 0)))
        if g < 1 << 128:
            break
    assert g >> 127 == 1
    return g


def main():
    print("/* Written by scripts/powers-of-ten.py. */")
    print('#include "core/powers_of_ten.h"\n')
    print("const struct wide powers_of_ten[POWERS_OF_TEN_LARGEST - POWERS_OF_TEN_SMALLEST + 1] = {")
    for power in range(SMALLEST, LARGEST + 1):
        g = significand(power)
        print("    {0x%016X, 0x%016X}, /* 1e%d */" % (g >> 64, g & (1 << 64) - 1, power))
    print("};")


main()
