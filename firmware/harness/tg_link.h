/* The serial link between a PC and the test firmware: this header is its specification.
 *
 * On the wire    0x00, COBS(frame), 0x00. The first 0x00 ends whatever noise came before; an empty frame is nothing.
 * frame          kind u8, sequence u8, payload, crc16
 * crc16          of kind, sequence and payload: CRC-16/CCITT, polynomial 0x1021, start 0xFFFF, not reflected
 * crc32          of ports and streams: the CRC-32 of zlib, polynomial 0xEDB88320
 * All numbers are little-endian. A payload has at most TG_LINK_PAYLOAD bytes; WELCOME says how many.
 *
 * The host asks, the device answers with the sequence of the request. A frame that is broken, too long or too short
 * gets no answer, nor does a kind from 0x80 on: the host times out and sends the same frame again. The device never
 * repeats anything by itself.
 *
 * A session starts with HELLO. Its token (any number but 0) lives in the device's RAM and starts every later request,
 * so that a device that was reset in between answers NOT_GREETED. A HELLO with a new token puts the model in its first
 * state; with the token of the running session it changes nothing. WELCOME's crc32 is the model file's; its single is 1
 * if the firmware rounds once (--rounding single). A host that expects another model or rounding goes no further.
 *
 * WRITE and READ may be repeated. INVOKE may not run twice: its id counts from 1 since HELLO or RESET, and the device
 * answers the id it ran last with the same DONE again, without running. inputs_crc is the CRC-32 of all inputs one
 * after the other, checked before the model runs; outputs_crc is the same of the outputs. An invoke overwrites
 * the inputs, and a WRITE may overwrite the outputs. stack is the most bytes of it that were in use at a time since the
 * device started, 0 where that is not known.
 *
 * During INVOKE the device may stream frames, with the sequence of the request: ROWS of one probe as they are computed,
 * or CYCLES of all probes. stream_crc is the CRC-32 of their payloads one after the other, 0 without any.
 */
#ifndef TG_LINK_H
#define TG_LINK_H

#include <stdint.h>

enum {
    TG_LINK_PROTOCOL = 2, /* a device of another version is refused by name */
    TG_LINK_NAME_MAX = 64 /* bytes of a model's name in WELCOME; the rest is cut off */
};

#ifndef TG_LINK_PAYLOAD
#define TG_LINK_PAYLOAD 512 /* 128..65535; 512 bytes take 45 ms at 115200 baud, and are the harness's RAM */
#endif

/* Kinds of frame and their payloads. HELLO and the first field of WELCOME are the same in every version. */
enum {
    TG_LINK_HELLO = 0x01,  /* token u32 */
    TG_LINK_SIZE = 0x02,   /* token u32, direction u8, index u16 */
    TG_LINK_RESET = 0x03,  /* token u32 */
    TG_LINK_WRITE = 0x04,  /* token u32, input u16, offset u32, data */
    TG_LINK_INVOKE = 0x05, /* token u32, id u32, inputs_crc u32, stream u8, probe u32 */
    TG_LINK_READ = 0x06,   /* token u32, output u16, offset u32, length u16 */

    TG_LINK_WELCOME = 0x81, /* protocol u16, token u32, max_payload u16, crc32 u32, arena_bytes u32, probes u32,
                               inputs u16, outputs u16, single u8, name */
    TG_LINK_SIZED = 0x82,   /* direction u8, index u16, bytes u32 */
    TG_LINK_READY = 0x83,   /* token u32 */
    TG_LINK_WRITTEN = 0x84, /* input u16, offset u32 */
    TG_LINK_DONE = 0x85,    /* id u32, cycles u64, outputs_crc u32, stream_crc u32, stack u32 */
    TG_LINK_DATA = 0x86,    /* output u16, offset u32, data */

    TG_LINK_ROWS = 0x91,   /* probe u32, row u32, offset u32, data */
    TG_LINK_CYCLES = 0x92, /* any number of: probe u32, cycles u64 */
    TG_LINK_ERROR = 0xFF   /* code u8, request u8 */
};

/* Values of SIZE's direction. */
enum {
    TG_LINK_DIRECTION_INPUT = 0, /* index counts the model's inputs */
    TG_LINK_DIRECTION_OUTPUT = 1 /* index counts the model's outputs */
};

/* Values of INVOKE's stream. */
enum {
    TG_LINK_STREAM_NONE = 0,  /* only DONE */
    TG_LINK_STREAM_ROWS = 1,  /* ROWS of the given probe, then DONE */
    TG_LINK_STREAM_CYCLES = 2 /* CYCLES since the last probe, for each call of a probe in order, then DONE */
};

/* Values of ERROR's code. */
enum {
    TG_LINK_CODE_NOT_GREETED = 1,     /* the token is not this session's */
    TG_LINK_CODE_UNKNOWN_REQUEST = 2, /* no such kind, or no such stream */
    TG_LINK_CODE_BAD_LENGTH = 3,      /* the payload does not have the length of its kind */
    TG_LINK_CODE_OUT_OF_RANGE = 4,    /* no such input, output or probe, or bytes beyond its end */
    TG_LINK_CODE_OUT_OF_ORDER = 5,    /* the id is neither the last one nor the one after it */
    TG_LINK_CODE_INPUTS_DIFFER = 6    /* the inputs in memory do not have inputs_crc */
};

enum {
    TG_LINK_HEAD = 2,                       /* bytes of kind and sequence */
    TG_LINK_TAIL = 2,                       /* bytes of crc16 */
    TG_LINK_FRAME_MAX = TG_LINK_PAYLOAD + 4 /* bytes of the longest frame before COBS */
};

/* The one buffer of the harness: the request as it arrives, then the answer or the stream. */
typedef struct {
    uint32_t bytes;                  /* decoded so far; of a whole frame: without its crc16 */
    uint8_t left;                    /* bytes left in the COBS block */
    uint8_t zero;                    /* 1: a zero precedes the next block */
    uint8_t broken;                  /* 1: too long, skip to the next 0x00 */
    uint8_t data[TG_LINK_FRAME_MAX]; /* kind, sequence, payload, crc16 */
} tg_frame;

uint16_t tg_link_crc16(const uint8_t *data, uint32_t bytes);
uint32_t tg_link_crc32(uint32_t crc, const void *data, uint32_t bytes); /* crc: 0, or that of the bytes before */

/* Takes one byte of the wire. 1: `frame` holds a whole, sound frame; forget it with tg_link_clear. */
int tg_link_feed(tg_frame *frame, uint8_t byte);
void tg_link_clear(tg_frame *frame);

/* Sends the payload that lies in frame->data + TG_LINK_HEAD. Payload_bytes <= TG_LINK_PAYLOAD. */
void tg_link_send(tg_frame *frame, uint8_t kind, uint8_t sequence, uint32_t payload_bytes);

/* Little-endian numbers at any address; the put functions return the address after the number. */
uint16_t tg_link_get_u16(const uint8_t *from);
uint32_t tg_link_get_u32(const uint8_t *from);
uint8_t *tg_link_put_u16(uint8_t *to, uint16_t value);
uint8_t *tg_link_put_u32(uint8_t *to, uint32_t value);
uint8_t *tg_link_put_u64(uint8_t *to, uint64_t value);

#endif
