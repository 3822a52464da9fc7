/* Streams rows or cycles from inside the model, with the cycle counter stopped while it sends. */
#include "tg_trace.h"
#include "tg_port.h"
#include "tg_stream.h"

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);

enum {
    TG_ROWS_HEAD = 12,    /* probe, row, offset */
    TG_CYCLES_RECORD = 12 /* probe, cycles */
};

static struct {
    tg_stream_result result; /* so far */
    tg_frame *frame;         /* the harness's buffer */
    uint32_t filled;         /* payload bytes of a CYCLES frame not yet sent */
    uint32_t probe;          /* whose rows are wanted */
    uint8_t stream;          /* TG_LINK_STREAM_... */
    uint8_t sequence;        /* of the INVOKE */
} tg;

void tg_stream_begin(tg_frame *frame, uint8_t sequence, uint8_t stream, uint32_t probe) {
    tg.result.cycles = 0;
    tg.result.crc = 0;
    tg.frame = frame;
    tg.filled = 0;
    tg.probe = probe;
    tg.stream = stream;
    tg.sequence = sequence;
    tg_port_cycles_start();
}

static void send(uint8_t kind, uint32_t bytes) {
    tg.result.crc = tg_link_crc32(tg.result.crc, tg.frame->data + TG_LINK_HEAD, bytes);
    tg_link_send(tg.frame, kind, tg.sequence, bytes);
}

static void flush_cycles(void) {
    if (tg.filled > 0) {
        send(TG_LINK_CYCLES, tg.filled);
        tg.filled = 0;
    }
}

tg_stream_result tg_stream_end(void) {
    tg.result.cycles += tg_port_cycles_stop();
    flush_cycles();
    tg.stream = TG_LINK_STREAM_NONE;
    return tg.result;
}

static void add_cycles(uint32_t probe, uint64_t cycles) {
    if (tg.filled + TG_CYCLES_RECORD > TG_LINK_PAYLOAD) {
        flush_cycles();
    }
    tg_link_put_u64(tg_link_put_u32(tg.frame->data + TG_LINK_HEAD + tg.filled, probe), cycles);
    tg.filled += TG_CYCLES_RECORD;
}

static void send_row(uint32_t row, const uint8_t *data, uint32_t bytes) {
    uint32_t part = 0;
    for (uint32_t offset = 0; offset < bytes; offset += part) {
        part = bytes - offset;
        if (part > TG_LINK_PAYLOAD - TG_ROWS_HEAD) {
            part = TG_LINK_PAYLOAD - TG_ROWS_HEAD;
        }
        uint8_t *to = tg_link_put_u32(tg.frame->data + TG_LINK_HEAD, tg.probe);
        to = tg_link_put_u32(tg_link_put_u32(to, row), offset);
        memcpy(to, data + offset, part);
        send(TG_LINK_ROWS, TG_ROWS_HEAD + part);
    }
}

void tg_trace(int32_t probe, const void *ring, int32_t height, int32_t stride, int32_t row_bytes, int32_t first,
              int32_t count) {
    if (tg.stream == TG_LINK_STREAM_NONE) {
        return;
    }
    uint64_t cycles = tg_port_cycles_stop();
    tg.result.cycles += cycles;
    if (tg.stream == TG_LINK_STREAM_CYCLES) {
        add_cycles((uint32_t)probe, cycles);
    } else if (tg.probe == (uint32_t)probe) {
        for (int32_t row = first; row < first + count; row++) {
            send_row((uint32_t)row, (const uint8_t *)ring + (row % height) * stride, (uint32_t)row_bytes);
        }
    }
    tg_port_cycles_start();
}
