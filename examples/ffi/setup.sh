# Read by the run.sh of each language: enters its folder, and sets OUT, where what is built goes, and LIBDIR, where
# the library is. afina is found by pkg-config, as after `make install`.
cd "$(dirname "$0")"
OUT=${OUT:-$(cd ../../.. && pwd)/build/ffi}/$(basename "$PWD")
LIBDIR=$(pkg-config --variable=libdir afina)
export OUT LIBDIR LD_LIBRARY_PATH="$LIBDIR${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
mkdir -p "$OUT"
