/* The random streams of one network, told apart by the second word of the key
 * of core/rng.h. The numbers decide results: they are never reused. */
#ifndef AFINA_MLP_STREAM_H
#define AFINA_MLP_STREAM_H

enum mlp_stream {
    MLP_STREAM_SPLIT = 0,   /* the order of rows behind splits and folds */
    MLP_STREAM_INITIAL = 1, /* initial weights */
    MLP_STREAM_ORDER = 2,   /* the order of rows in training */
    MLP_STREAM_DROPOUT = 3,
    MLP_STREAMS = 4 /* fold f of k uses stream + MLP_STREAMS * f */
};

#endif
