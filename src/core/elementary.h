/* Exponentials, logarithms, powers and sines whose bits are the same on every machine.
 *
 * Those of a C library differ in the last place between libraries, their releases and the
 * processors that one library chooses its code for. These are the same sequence of IEEE additions,
 * multiplications, divisions and square roots everywhere, without fused multiply-add; what follows
 * from them, suggestions above all, comes out the same everywhere. So nothing else in src calls those
 * of the C library (tests/house/elementary.sh). floor, fabs, fmod, ldexp, fmin, fmax and sqrt are
 * exact and may be used.
 *
 * The errors are the greatest that were seen over ten million arguments, in units in the last
 * place. NaN gives NaN; overflow gives infinity and underflow 0 or a subnormal number.
 */
#ifndef AFINA_CORE_ELEMENTARY_H
#define AFINA_CORE_ELEMENTARY_H

/* e^x (0.52; 0.75 where it is subnormal) and e^x - 1 (0.65), also where x is small. */
double portable_exp(double x);
double portable_expm1(double x);

/* log x (0.52) and log(1 + x) (0.67), also where x is small: -infinity for the logarithm of 0, NaN below. */
double portable_log(double x);
double portable_log1p(double x);

/* x^y (0.52; 0.75 where it is subnormal); NaN for x < 0 unless y is a whole number. x^0 and 1^y are 1. A result that is
 * a double is exact. */
double portable_pow(double x, double y);

/* sin(pi x) and cos(pi x) (1.5) and tan(pi x) (2.7), for finite x. */
double portable_sin_pi(double x);
double portable_cos_pi(double x);
double portable_tan_pi(double x);

/* sqrt(x^2 + y^2) without overflow of the squares (2.1). */
double portable_hypot(double x, double y);

#endif
