/* log x in two parts, from a table of logarithms.
 *
 * With x = 2^k z, z in [0.703, 1.414), and c = 1 / z to ten bits, r = c z - 1 is exact in two parts and
 *
 *     log x = k ln 2 - log c + log(1 + r),  log(1 + r) = r - r^2/2 + r^3 (1/3 - r/4 + ... + r^7/10)
 *
 * (P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point
 * arithmetic", ACM Trans. Math. Software 16, 1990). Near x = 1, c is 1 and r = x - 1, so that nothing
 * cancels. For a power r^2/2 is in two parts as well; the later terms are small enough for one.
 * tests/core/elementary_reference.py prints the table. Check: log 2.385 = 0.86919912...
 */
#include "core/elementary.h"
#include "core/elementary_parts.h"

#include <math.h>

enum { FIRST = 90 };

/* c for z about (FIRST + j) / 128, and -log c, rounded, and the rest. */
static const struct center {
    double c, high, low;
} TABLE[] = {
    {0x1.6c00000000000p+0, -0x1.686c81e9b14afp-2, 0x1.ddea0f7f58e3dp-57},
    {0x1.6800000000000p+0, -0x1.5d1bdbf5809cap-2, -0x1.4236383dc7fe1p-56},
    {0x1.6440000000000p+0, -0x1.5262deeb98879p-2, -0x1.823ddad7fcfa1p-58},
    {0x1.6040000000000p+0, -0x1.46d2d9c280567p-2, 0x1.b14130114bd36p-57},
    {0x1.5c80000000000p+0, -0x1.3bdd24eb14b6ap-2, -0x1.2da3c6449a7d0p-58},
    {0x1.5900000000000p+0, -0x1.31871c9544185p-2, 0x1.51acc4c09b379p-60},
    {0x1.5540000000000p+0, -0x1.26561f133862dp-2, -0x1.10cdf548bd15cp-57},
    {0x1.51c0000000000p+0, -0x1.1bc794fd1c8ccp-2, -0x1.e71708b083dbdp-57},
    {0x1.4e40000000000p+0, -0x1.111ce4003ee4dp-2, 0x1.1b84b5a5b5b2ap-57},
    {0x1.4b00000000000p+0, -0x1.071b85fcd590dp-2, -0x1.d1707f97bde80p-58},
    {0x1.47c0000000000p+0, -0x1.fa01c3bb57cbcp-3, -0x1.1c0a3c50f47adp-59},
    {0x1.4480000000000p+0, -0x1.e598ed5a87e2fp-3, 0x1.a5e78f4c50659p-58},
    {0x1.4140000000000p+0, -0x1.d0fb7f2255e51p-3, 0x1.4ac818ceca4c4p-57},
    {0x1.3e40000000000p+0, -0x1.bdc46ae344b13p-3, 0x1.2ff70a6bea623p-58},
    {0x1.3b00000000000p+0, -0x1.a8becfc882f19p-3, 0x1.e8c37918c39ebp-58},
    {0x1.3800000000000p+0, -0x1.9525a9cf456b4p-3, -0x1.d904c1d4e2e26p-57},
    {0x1.3540000000000p+0, -0x1.83040c91bcf2ep-3, 0x1.1c7233219bcc5p-57},
    {0x1.3240000000000p+0, -0x1.6f0d28ae56b4cp-3, 0x1.906d99184b992p-57},
    {0x1.2f80000000000p+0, -0x1.5c940075972b9p-3, -0x1.adccb73379cc5p-58},
    {0x1.2c80000000000p+0, -0x1.483bccce6e3ddp-3, -0x1.29391fb1b4b22p-57},
    {0x1.2a00000000000p+0, -0x1.371fc201e8f74p-3, -0x1.de6cb62af18a0p-58},
    {0x1.2740000000000p+0, -0x1.2423113ba50e3p-3, 0x1.e3ba766fc9a72p-66},
    {0x1.2480000000000p+0, -0x1.10f8e422539b1p-3, -0x1.8f798d39f1b7dp-58},
    {0x1.2200000000000p+0, -0x1.fec9131dbeabbp-4, 0x1.5746b9981b36cp-58},
    {0x1.1f80000000000p+0, -0x1.db5270187d927p-4, -0x1.e15ab8607d2acp-58},
    {0x1.1d00000000000p+0, -0x1.b78c82bb0eda1p-4, -0x1.0878cf0327e21p-61},
    {0x1.1a80000000000p+0, -0x1.9375e55595edep-4, 0x1.e463f9e4dd920p-59},
    {0x1.1800000000000p+0, -0x1.6f0d28ae56b4cp-4, 0x1.906d99184b992p-58},
    {0x1.15c0000000000p+0, -0x1.4e01108a35ae6p-4, 0x1.81069d28db75bp-59},
    {0x1.1340000000000p+0, -0x1.28f83450eda8dp-4, -0x1.d6a8465da24a3p-58},
    {0x1.1100000000000p+0, -0x1.075983598e471p-4, -0x1.80da5333c45b8p-59},
    {0x1.0ec0000000000p+0, -0x1.cae72fb95c20bp-5, 0x1.f9012d8df3f0ep-59},
    {0x1.0c80000000000p+0, -0x1.868a83083f6cfp-5, 0x1.d09a5634943dbp-61},
    {0x1.0a80000000000p+0, -0x1.494acc34d911cp-5, -0x1.e295bf491ccc5p-59},
    {0x1.0840000000000p+0, -0x1.03d5d85e73eefp-5, -0x1.2c1da539d60edp-61},
    {0x1.0640000000000p+0, -0x1.8b31faca9b00ep-6, -0x1.d5a46da6f6772p-62},
    {0x1.0400000000000p+0, -0x1.fc0a8b0fc03e4p-7, 0x1.83092c59642a1p-62},
    {0x1.0200000000000p+0, -0x1.fe02a6b106789p-8, 0x1.e44b7e3711ebfp-67},
    {0x1p+0, 0x0.0p+0, 0x0.0p+0},
    {0x1.fc00000000000p-1, 0x1.010157588de71p-7, 0x1.46662d417ced0p-62},
    {0x1.f800000000000p-1, 0x1.0205658935847p-6, 0x1.27c8e8416e71fp-60},
    {0x1.f480000000000p-1, 0x1.74321d3d006d3p-6, -0x1.96f016b887bf4p-60},
    {0x1.f080000000000p-1, 0x1.f7a9b16782856p-6, -0x1.36c720c147756p-60},
    {0x1.ed00000000000p-1, 0x1.35c8bfaa1306bp-5, -0x1.50830a65543a4p-63},
    {0x1.e900000000000p-1, 0x1.788595a3577bap-5, 0x1.e5ef898b67923p-59},
    {0x1.e580000000000p-1, 0x1.b35dd9b58baadp-5, -0x1.6526154e379dfp-61},
    {0x1.e200000000000p-1, 0x1.eea31c006b87cp-5, -0x1.3e4fc93b7b66cp-59},
    {0x1.de80000000000p-1, 0x1.152b799bb3cc9p-4, -0x1.948381841487fp-58},
    {0x1.db00000000000p-1, 0x1.333d7f8183f4bp-4, 0x1.a92afc8ef70b1p-58},
    {0x1.d780000000000p-1, 0x1.518874226130ap-4, 0x1.d96258b3d8a8fp-60},
    {0x1.d400000000000p-1, 0x1.700d30aeac0e1p-4, -0x1.72566212cdd05p-61},
    {0x1.d100000000000p-1, 0x1.8a6477a91dc29p-4, -0x1.fa83214904842p-59},
    {0x1.cd80000000000p-1, 0x1.a956d3ecade63p-4, 0x1.e5300b12bd55ep-58},
    {0x1.ca80000000000p-1, 0x1.c40d6425a5cb1p-4, 0x1.21d1930dc8acdp-60},
    {0x1.c700000000000p-1, 0x1.e3707ee30487bp-4, 0x1.09ccecd579d99p-58},
    {0x1.c400000000000p-1, 0x1.fe89139dbd566p-4, -0x1.ac9f4215f9393p-58},
    {0x1.c100000000000p-1, 0x1.0ce7ecdccc28dp-3, -0x1.692a0055dc959p-57},
    {0x1.be00000000000p-1, 0x1.1aa2b7e23f72ap-3, -0x1.c6ef1d9b2ef7ep-59},
    {0x1.bb00000000000p-1, 0x1.28753bc11aba5p-3, -0x1.6394d9fa33311p-57},
    {0x1.b800000000000p-1, 0x1.365fcb0159016p-3, 0x1.7d411a5b944adp-58},
    {0x1.b500000000000p-1, 0x1.4462b9dc9b3dcp-3, -0x1.629c46c186385p-58},
    {0x1.b200000000000p-1, 0x1.527e5e4a1b58dp-3, -0x1.71a9682395bfdp-61},
    {0x1.af00000000000p-1, 0x1.60b3100b09476p-3, -0x1.5b2623e05016bp-58},
    {0x1.ac80000000000p-1, 0x1.6c9d07d203fc7p-3, 0x1.80a04c9a46c61p-59},
    {0x1.a980000000000p-1, 0x1.7b0091651528cp-3, 0x1.4069f303518c8p-57},
    {0x1.a700000000000p-1, 0x1.871213750e994p-3, 0x1.d685f35eea2a0p-57},
    {0x1.a400000000000p-1, 0x1.95a5adcf7017fp-3, 0x1.142c507fb7a3dp-58},
    {0x1.a180000000000p-1, 0x1.a1dfc40f1b7f1p-3, -0x1.e009e6f018fe8p-61},
    {0x1.9f00000000000p-1, 0x1.ae2ca6f672bd4p-3, 0x1.ab5ca9eaa088ap-57},
    {0x1.9c00000000000p-1, 0x1.bd087383bd8adp-3, 0x1.dd355f6a516d7p-60},
    {0x1.9980000000000p-1, 0x1.c97f8079d44ecp-3, 0x1.61a8c6e6c4ee7p-57},
    {0x1.9700000000000p-1, 0x1.d60a17f903515p-3, -0x1.c0df841a71b7ap-57},
    {0x1.9480000000000p-1, 0x1.e2a877a6b2c12p-3, -0x1.fa21e3df99430p-58},
    {0x1.9200000000000p-1, 0x1.ef5ade4dcffe6p-3, -0x1.08ab2ddc708a0p-58},
    {0x1.8f80000000000p-1, 0x1.fc218be620a5ep-3, -0x1.6e438c258187fp-58},
    {0x1.8d00000000000p-1, 0x1.047e60cde83b8p-2, -0x1.0779634061cbcp-56},
    {0x1.8b00000000000p-1, 0x1.09aa572e6c6d4p-2, 0x1.43c2e68684d53p-57},
    {0x1.8880000000000p-1, 0x1.102ac0a35cc1cp-2, 0x1.088080a5e68b4p-59},
    {0x1.8600000000000p-1, 0x1.16b5ccbacfb73p-2, 0x1.66fbd28b40935p-56},
    {0x1.8400000000000p-1, 0x1.1bf99635a6b95p-2, -0x1.12aeb84249223p-57},
    {0x1.8180000000000p-1, 0x1.22981fbef797bp-2, -0x1.0b04ac06cebe0p-59},
    {0x1.7f80000000000p-1, 0x1.27ebaf58d8c9dp-2, -0x1.8800b4bda6c97p-57},
    {0x1.7d00000000000p-1, 0x1.2e9e2bce12286p-2, 0x1.8251a3b83d97ap-62},
    {0x1.7b00000000000p-1, 0x1.3401e12aecba1p-2, -0x1.cd55b8a4746c0p-58},
    {0x1.7880000000000p-1, 0x1.3ac8ca38e5c5fp-2, -0x1.f7de015f253eep-56},
    {0x1.7680000000000p-1, 0x1.403d086cea79cp-2, -0x1.0a8bb78cf7cdap-56},
    {0x1.7480000000000p-1, 0x1.45b8c0a17df13p-2, 0x1.dbe305eaf5a20p-56},
    {0x1.7280000000000p-1, 0x1.4b3c077267e9ap-2, 0x1.2e5fbeb518508p-56},
    {0x1.7000000000000p-1, 0x1.522ae0738a3d8p-2, -0x1.8f7e9b38a6979p-57},
    {0x1.6e00000000000p-1, 0x1.57bf753c8d1fbp-2, -0x1.0908d15f88b63p-57},
    {0x1.6c00000000000p-1, 0x1.5d5bddf595f30p-2, -0x1.6541148cbb8a2p-56},
    {0x1.6a00000000000p-1, 0x1.630030b3aac49p-2, 0x1.dc18ce51fff99p-57},
};

/* 1/3 - r/4 + ... */
static double late_terms(double r)
{
    double q = -1.0 / 10;
    q = q * r + 1.0 / 9;
    q = q * r - 1.0 / 8;
    q = q * r + 1.0 / 7;
    q = q * r - 1.0 / 6;
    q = q * r + 1.0 / 5;
    q = q * r - 1.0 / 4;
    return q * r + 1.0 / 3;
}

/* log x = far + rest + log(1 + r), |r| < 0.0065. */
struct reduced {
    struct two_parts far, r;
    double rest;
};

static struct reduced reduce(double x)
{
    int k = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        k = -54;
    }
    uint64_t bits = bits_of(x), mantissa = bits & 0xFFFFFFFFFFFFFu;
    int halved = mantissa >= 0x6A00000000000u; /* z is in [1, 1.414), or half of what is above */
    k += (int)(bits >> 52) - 1023 + halved;
    double z = of_bits(mantissa | (uint64_t)(1023 - halved) << 52);
    const struct center *at = &TABLE[(int)(z * 128 + 0.5) - FIRST];
    double high = of_bits(bits_of(z) & ~(uint64_t)0x7FFFFFF);
    return (struct reduced){two_sum(k * 0x1.62e42fefa4p-1, at->high), two_sum(high * at->c - 1, (z - high) * at->c),
                            k * -0x1.8432a1b0e2634p-43 + at->low};
}

struct two_parts log_parts(double x)
{
    struct reduced from = reduce(x);
    double r = from.r.high;
    struct two_parts square = two_product(r, r), near = fast_two_sum(r, -0.5 * square.high);
    struct two_parts sum = two_sum(from.far.high, near.high);
    double later = from.r.low - 0.5 * square.low - r * from.r.low + r * square.high * late_terms(r);
    return fast_two_sum(sum.high, sum.low + (from.far.low + from.rest + (near.low + later)));
}

/* 0, or 1 when log x is not that of a positive finite number; it is then *special. */
static int is_special(double x, double *special)
{
    *special = x == 0 ? -INFINITY : x > 0 ? INFINITY : NAN;
    return !(x > 0 && x < INFINITY);
}

double portable_log(double x)
{
    double special;
    if (is_special(x, &special))
        return special;
    struct reduced from = reduce(x);
    double r = from.r.high;
    struct two_parts sum = two_sum(from.far.high, r);
    return sum.high + (sum.low + (from.far.low + from.rest + (from.r.low + r * r * (r * late_terms(r) - 0.5))));
}

/* log(h + l) = log h + l/h. */
double portable_log1p(double x)
{
    double special;
    if (x == 0)
        return x; /* with its sign */
    struct two_parts one_more = two_sum(1, x);
    if (is_special(one_more.high, &special))
        return special;
    struct two_parts log = log_parts(one_more.high);
    return log.high + (log.low + one_more.low / one_more.high);
}
