/* The harness's side of tg_trace: what it sends during one invoke. */
#ifndef TG_STREAM_H
#define TG_STREAM_H

#include "tg_link.h"

/* What was measured and sent between begin and end. */
typedef struct {
    uint64_t cycles; /* of the model; sending does not count */
    uint32_t crc;    /* CRC-32 of the payloads of all frames streamed */
} tg_stream_result;

/* Starts the cycle counter. `frame` is the stream's until the end; stream and probe are INVOKE's. */
void tg_stream_begin(tg_frame *frame, uint8_t sequence, uint8_t stream, uint32_t probe);
tg_stream_result tg_stream_end(void);

#endif
