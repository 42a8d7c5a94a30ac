/* zlib as Swift sees it: deflateInit2 is a macro, which Swift cannot call. */
#ifndef ROSTRUM_CZLIB_SHIM_H
#define ROSTRUM_CZLIB_SHIM_H
#include <zlib.h>
static inline int rostrum_deflate_init_gzip(z_streamp stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
#endif
