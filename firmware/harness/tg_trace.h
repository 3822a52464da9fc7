/* Where a model compiled with -DTG_TRACE reports what it has just computed. */
#ifndef TG_TRACE_H
#define TG_TRACE_H

#include <stdint.h>

/* Rows first..first+count-1 of `probe` have just been computed.
 * Row r has row_bytes bytes and starts at (const char *)ring + (r % height) * stride. */
void tg_trace(int32_t probe, const void *ring, int32_t height, int32_t stride, int32_t row_bytes, int32_t first,
              int32_t count);

#endif
