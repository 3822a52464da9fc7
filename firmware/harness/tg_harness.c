/* The test firmware's main loop: one request in, one answer out, every request checked against the model's bounds. */
#include "tg_link.h"
#include "tg_model.h"
#include "tg_port.h"
#include "tg_stream.h"

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);

static tg_frame frame;

static struct {
    uint32_t token;          /* of HELLO; 0: nobody has greeted since the chip started */
    uint32_t id;             /* of the last invoke since HELLO or RESET; 0: none */
    uint32_t inputs_crc;     /* of the last invoke */
    uint32_t outputs_crc;    /* of the last invoke */
    uint32_t stack;          /* bytes that were in use at most, up to the last invoke */
    tg_stream_result result; /* of the last invoke */
} session;

static uint8_t *payload(void) {
    return frame.data + TG_LINK_HEAD;
}

/* Answers the request in `frame`; the payload ends before `end`. */
static void answer(uint8_t kind, const uint8_t *end) {
    tg_link_send(&frame, kind, frame.data[1], (uint32_t)(end - payload()));
}

static void refuse(uint8_t code) {
    uint8_t request = frame.data[0];
    payload()[0] = code;
    payload()[1] = request;
    answer(TG_LINK_ERROR, payload() + 2);
}

static uint32_t crc_of(tg_buffer (*port)(uint32_t), uint32_t count) {
    uint32_t crc = 0;
    for (uint32_t i = 0; i < count; i++) {
        tg_buffer buffer = port(i);
        crc = tg_link_crc32(crc, buffer.data, buffer.bytes);
    }
    return crc;
}

static void hello(void) {
    uint32_t token = tg_link_get_u32(payload());
    if (token != 0 && token != session.token) {
        session.token = token;
        session.id = 0;
        tg_model_init();
        tg_model_reset();
    }
    uint8_t *to = tg_link_put_u16(payload(), TG_LINK_PROTOCOL);
    to = tg_link_put_u32(to, token);
    to = tg_link_put_u16(to, TG_LINK_PAYLOAD);
    to = tg_link_put_u32(to, tg_model.crc32);
    to = tg_link_put_u32(to, tg_model.arena_bytes);
    to = tg_link_put_u32(to, tg_model.probes);
    to = tg_link_put_u16(to, (uint16_t)tg_model.inputs);
    to = tg_link_put_u16(to, (uint16_t)tg_model.outputs);
    *to++ = tg_model.single;
    for (uint32_t i = 0; i < TG_LINK_NAME_MAX && tg_model.name[i] != 0; i++) {
        *to++ = (uint8_t)tg_model.name[i];
    }
    answer(TG_LINK_WELCOME, to);
}

static void size(void) {
    uint8_t direction = payload()[4];
    uint32_t index = tg_link_get_u16(payload() + 5);
    uint32_t count = direction == TG_LINK_DIRECTION_INPUT ? tg_model.inputs : tg_model.outputs;
    if (direction > TG_LINK_DIRECTION_OUTPUT || index >= count) {
        refuse(TG_LINK_CODE_OUT_OF_RANGE);
        return;
    }
    tg_buffer buffer = direction == TG_LINK_DIRECTION_INPUT ? tg_model_input(index) : tg_model_output(index);
    payload()[0] = direction;
    answer(TG_LINK_SIZED, tg_link_put_u32(tg_link_put_u16(payload() + 1, (uint16_t)index), buffer.bytes));
}

static void reset(void) {
    session.id = 0;
    tg_model_reset();
    answer(TG_LINK_READY, tg_link_put_u32(payload(), session.token));
}

static void write_input(void) {
    enum { HEAD = 10 };
    uint32_t bytes = frame.bytes - TG_LINK_HEAD - HEAD;
    uint32_t index = tg_link_get_u16(payload() + 4);
    uint32_t offset = tg_link_get_u32(payload() + 6);
    if (index >= tg_model.inputs || offset > tg_model_input(index).bytes ||
        bytes > tg_model_input(index).bytes - offset) {
        refuse(TG_LINK_CODE_OUT_OF_RANGE);
        return;
    }
    memcpy((uint8_t *)tg_model_input(index).data + offset, payload() + HEAD, bytes);
    answer(TG_LINK_WRITTEN, tg_link_put_u32(tg_link_put_u16(payload(), (uint16_t)index), offset));
}

static void read_output(void) {
    uint32_t index = tg_link_get_u16(payload() + 4);
    uint32_t offset = tg_link_get_u32(payload() + 6);
    uint32_t bytes = tg_link_get_u16(payload() + 10);
    if (index >= tg_model.outputs || offset > tg_model_output(index).bytes ||
        bytes > tg_model_output(index).bytes - offset || bytes > TG_LINK_PAYLOAD - 6) {
        refuse(TG_LINK_CODE_OUT_OF_RANGE);
        return;
    }
    uint8_t *to = tg_link_put_u32(tg_link_put_u16(payload(), (uint16_t)index), offset);
    memcpy(to, (const uint8_t *)tg_model_output(index).data + offset, bytes);
    answer(TG_LINK_DATA, to + bytes);
}

static void run(uint32_t id, uint32_t inputs_crc, uint8_t stream, uint32_t probe) {
    tg_stream_begin(&frame, frame.data[1], stream, probe);
    tg_model_invoke();
    session.result = tg_stream_end();
    session.id = id;
    session.inputs_crc = inputs_crc;
    session.outputs_crc = crc_of(tg_model_output, tg_model.outputs);
    session.stack = tg_port_stack_used();
}

static void invoke(void) {
    uint32_t id = tg_link_get_u32(payload() + 4);
    uint32_t inputs_crc = tg_link_get_u32(payload() + 8);
    uint8_t stream = payload()[12];
    uint32_t probe = tg_link_get_u32(payload() + 13);
    int again = id != 0 && id == session.id && inputs_crc == session.inputs_crc;
    if (stream > TG_LINK_STREAM_CYCLES) {
        refuse(TG_LINK_CODE_UNKNOWN_REQUEST);
        return;
    }
    if (stream == TG_LINK_STREAM_ROWS && probe >= tg_model.probes) {
        refuse(TG_LINK_CODE_OUT_OF_RANGE);
        return;
    }
    if (!again && id != session.id + 1) {
        refuse(TG_LINK_CODE_OUT_OF_ORDER);
        return;
    }
    if (!again && crc_of(tg_model_input, tg_model.inputs) != inputs_crc) {
        refuse(TG_LINK_CODE_INPUTS_DIFFER);
        return;
    }
    if (!again) {
        run(id, inputs_crc, stream, probe);
    }
    uint8_t *to = tg_link_put_u64(tg_link_put_u32(payload(), id), session.result.cycles);
    to = tg_link_put_u32(tg_link_put_u32(to, session.outputs_crc), session.result.crc);
    answer(TG_LINK_DONE, tg_link_put_u32(to, session.stack));
}

/* One row per request, in the order of their kinds from 1. */
static const struct {
    void (*answer)(void); /* finds a payload of the right length, of this session */
    uint8_t bytes;        /* of the payload, or of what precedes its data */
    uint8_t data;         /* 1: data follow */
} requests[] = {
    {hello, 4, 0}, {size, 7, 0}, {reset, 4, 0}, {write_input, 10, 1}, {invoke, 17, 0}, {read_output, 12, 0},
};

static void handle(void) {
    if (frame.data[0] >= TG_LINK_WELCOME) {
        return; /* an answer: two devices wired together must not talk for ever */
    }
    uint32_t index = (uint32_t)frame.data[0] - 1u;
    uint32_t bytes = frame.bytes - TG_LINK_HEAD;
    if (index >= sizeof requests / sizeof requests[0]) {
        refuse(TG_LINK_CODE_UNKNOWN_REQUEST);
    } else if (bytes < requests[index].bytes || (bytes > requests[index].bytes && !requests[index].data)) {
        refuse(TG_LINK_CODE_BAD_LENGTH);
    } else if (requests[index].answer != hello && (session.token == 0 || tg_link_get_u32(payload()) != session.token)) {
        refuse(TG_LINK_CODE_NOT_GREETED);
    } else {
        requests[index].answer();
    }
}

int main(void) {
    uint8_t byte;
    tg_port_init();
    tg_model_init();
    while (tg_port_read(&byte)) {
        if (tg_link_feed(&frame, byte)) {
            handle();
            tg_link_clear(&frame);
        }
    }
    return 0;
}
